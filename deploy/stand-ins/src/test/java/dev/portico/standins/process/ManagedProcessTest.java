package dev.portico.standins.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ManagedProcessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;

  private ManagedProcess.Builder shell(String script) {
    return ManagedProcess.named("child")
        .command("/bin/sh", "-c", script)
        .log(folder.resolve("logs/child.log"));
  }

  @Test
  void aChildThatDiesIsReportedWithItsStatusAndLastLines() {
    var child =
        shell("echo starting; echo 'the disk is full' >&2; exit 3").readyWhen(p -> false).start();
    assertThatThrownBy(child::awaitReady)
        .isInstanceOf(ProcessFailure.class)
        .hasMessageContaining("child ended with status 3")
        .hasMessageContaining("the disk is full")
        .hasMessageContaining("child.log");
  }

  @Test
  void aChildThatNeverGetsReadyIsEndedAndReported() {
    var child = shell("echo thinking; exec sleep 600").readyWhen(p -> false).start();
    child.awaitLog(Pattern.compile("thinking"), PATIENCE);
    assertThatThrownBy(() -> child.awaitReady(Duration.ofMillis(300)))
        .isInstanceOf(ProcessFailure.class)
        .hasMessageContaining("not ready after 300 ms")
        .hasMessageContaining("thinking");
    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void aMissingProgramIsReported() {
    var builder =
        ManagedProcess.named("child")
            .command(folder.resolve("missing").toString())
            .log(folder.resolve("child.log"));
    assertThatThrownBy(() -> builder.start().awaitReady(PATIENCE).handle().waitFor())
        .isInstanceOf(ProcessFailure.class)
        .hasMessageContaining("cannot be started");
  }

  @Test
  void onlyThisRunsLogCounts() throws IOException {
    Files.createDirectories(folder.resolve("logs"));
    Files.writeString(folder.resolve("logs/child.log"), "port 1\n");
    try (var child = shell("echo port 2; exec sleep 600").start()) {
      assertThat(child.awaitLog(Pattern.compile("port (\\d)"), PATIENCE).group(1)).isEqualTo("2");
      assertThat(child.lastLogLines(5)).containsExactly("port 2");
    }
  }

  @Test
  void environmentAndDirectoryArePassed() {
    try (var child =
        shell("echo $COLOUR $(pwd -P); exec sleep 600")
            .environment(Map.of("COLOUR", "red"))
            .directory(folder)
            .start()) {
      child.awaitLog(
          Pattern.compile("red .*" + Pattern.quote(folder.getFileName() + "")), PATIENCE);
    }
  }

  @Test
  void closeUsesForceOnAChildThatWillNotGo() {
    var child =
        shell("trap '' TERM; echo up; while :; do sleep 1; done")
            .stopWithin(Duration.ofMillis(200))
            .start();
    child.awaitLog(Pattern.compile("up"), PATIENCE);
    child.close();
    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void aFrozenChildCanBeKilled() {
    var child = shell("echo up; exec sleep 600").start();
    child.awaitLog(Pattern.compile("up"), PATIENCE);
    child.signal("STOP");
    child.kill();
    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void grandchildrenGoWhenTheirLauncherIsKilled() {
    // A JVM that starts a child and is then killed as hard as possible.
    var launcher =
        ManagedProcess.named("launcher")
            .command(
                List.of(
                    ManagedProcess.java().toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Launcher.class.getName(),
                    folder.resolve("grandchild.log").toString()))
            .log(folder.resolve("launcher.log"))
            .start();
    var match = launcher.awaitLog(Pattern.compile("grandchild (\\d+)\\R"), PATIENCE);
    var grandchild = ProcessHandle.of(Long.parseLong(match.group(1))).orElseThrow();
    assertThat(grandchild.isAlive()).isTrue();
    launcher.kill();
    await().atMost(PATIENCE).until(() -> !grandchild.isAlive());
  }

  /** Starts a child and waits for ever. */
  static final class Launcher {
    private Launcher() {}

    public static void main(String[] arguments) throws InterruptedException {
      var child =
          ManagedProcess.named("grandchild")
              .command("sleep", "600")
              .log(Path.of(arguments[0]))
              .start();
      System.out.println("grandchild " + child.pid());
      child.handle().waitFor();
    }
  }
}
