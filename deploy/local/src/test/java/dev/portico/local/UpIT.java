package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.local.fixture.LocalStack;
import dev.portico.local.fixture.Program;
import dev.portico.standins.process.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The life of `deploy/local/up`: what it says, keeps, refuses and leaves behind. */
@Timeout(900)
class UpIT {
  @TempDir Path folder;

  @Test
  void dataOutlivesEveryWayToEndAndFreshForgetsIt() throws IOException {
    var data = folder.resolve("data");
    int port = Ports.free();
    int https = Ports.free();
    String password;

    // First start: everything a newcomer needs is said, and is true.
    try (var stack = LocalStack.start(data, port, https).awaitReady()) {
      password = stack.password();
      assertThat(stack.out())
          .contains("http://demo.localhost:" + port + "/")
          .contains("http://localhost:" + port + "/v1")
          .contains(LocalStack.ADMIN)
          .contains(password)
          .contains("/messages")
          .contains(data.resolve("logs").toString());
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(data.resolve("secrets/admin-password"))))
          .isEqualTo("rw-------");
      // A gateway has heard of it, and may still be reading what is in it.
      await().until(() -> stack.get("demo.localhost", "/").statusCode(), status -> status == 200);
      var page = stack.get("demo.localhost", "/");
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.body()).contains("Portico runs");
      assertThat(stack.get("demo.localhost", "/nowhere").statusCode()).isEqualTo(404);
      publish(stack, "kept", "kept over restarts");

      // A second one on the same folder, and one on the same port, are refused in one line.
      var second = LocalStack.start(data);
      assertThat(second.awaitEnd()).isEqualTo(1);
      assertThat(second.err())
          .contains("another up (process " + stack.process().pid() + ") uses " + data)
          .hasLineCount(1);
      var other = LocalStack.start(folder.resolve("other"), port, Ports.free());
      assertThat(other.awaitEnd()).isEqualTo(1);
      assertThat(other.err())
          .contains("port " + port + " is in use by ")
          .contains("--port")
          .hasLineCount(1);
      assertThat(stack.process().isAlive()).isTrue();

      // Ctrl-C.
      var children = stack.children();
      assertThat(children).hasSizeGreaterThanOrEqualTo(6);
      stack.stop();
      assertThat(stack.out()).contains("Stopped.");
      assertNothingLeft(children);
    }

    // A clock that is behind what has happened is named, and the start goes on. A crashed child is
    // named, with the end of
    // its log and what to do; nothing stays.
    Files.writeString(data.resolve("state/started"), Instant.now().plusSeconds(7200) + "\n");
    try (var stack = LocalStack.start(data, port, https).awaitReady()) {
      assertThat(stack.err())
          .contains("up: this machine's clock is wrong", "the last start was at")
          .hasLineCount(1);
      assertThat(stack.password()).isEqualTo(password);
      assertThat(stack.get("kept.localhost", "/").body()).contains("kept over restarts");
      var children = stack.children();
      stack.child("content-service.jar").destroyForcibly();
      assertThat(stack.awaitEnd()).isEqualTo(1);
      assertThat(stack.err())
          .contains("content-service ended with status 137")
          .contains(data.resolve("logs/content-service.log").toString())
          .contains("run up again", "--fresh");
      assertNothingLeft(children);
    }

    // The launcher itself dies without a word: the children follow it.
    try (var stack = LocalStack.start(data, port, https).awaitReady()) {
      assertThat(stack.get("kept.localhost", "/").body()).contains("kept over restarts");
      var children = stack.children();
      stack.process().destroyForcibly();
      stack.awaitEnd();
      assertNothingLeft(children);
    }

    try (var stack = LocalStack.start(data, port, https, "--fresh").awaitReady()) {
      assertThat(stack.password()).isNotEqualTo(password);
      assertThat(stack.get("kept.localhost", "/").statusCode()).isEqualTo(404);
      await().until(() -> stack.get("demo.localhost", "/").statusCode(), status -> status == 200);
    }
  }

  @Test
  void aPortInUseIsNamedWithItsUser() throws IOException {
    try (var listener = new ServerSocket()) {
      listener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
      var stack = LocalStack.start(folder.resolve("data"), Ports.free(), listener.getLocalPort());
      assertThat(stack.awaitEnd()).isEqualTo(1);
      assertThat(stack.err())
          .contains("port " + listener.getLocalPort() + " is in use by java (process ")
          .contains("--https-port (or --no-https)")
          .hasLineCount(1);
      assertThat(stack.children()).isEmpty();
    }
  }

  @Test
  void aMissingOrTooOldJdkIsOneLine() throws IOException {
    // A machine of our making: the script looks for JDKs below this folder only.
    var script = Files.createDirectories(folder.resolve("deploy/local")).resolve("up");
    var text = Files.readString(LocalStack.script());
    Files.writeString(script, text.replaceAll("(/usr/lib/jvm|/usr/java|/opt)/", folder + "$1/"));
    var line =
        Program.of("/bin/sh", script.toString())
            .with("PATH", tools())
            .with("JAVA_HOME", "")
            .with("HOME", folder.toString());
    var none = line.run();
    assertThat(none.status()).isEqualTo(1);
    assertThat(none.err()).contains("needs a JDK 25 (found: none)").hasLineCount(1);

    var old = Files.createDirectories(folder.resolve("usr/lib/jvm/jdk-17/bin"));
    assertThat(Files.createFile(old.resolve("java")).toFile().setExecutable(true)).isTrue();
    Files.writeString(old.resolveSibling("release"), "JAVA_VERSION=\"17.0.12\"\n");
    var tooOld = line.run();
    assertThat(tooOld.status()).isEqualTo(1);
    assertThat(tooOld.err())
        .contains("needs a JDK 25 (found: 17 in " + old.getParent() + ")")
        .hasLineCount(1);
  }

  @Test
  void mistakesOnTheCommandLineAreOneLine() {
    for (var mistake : List.of("--prot", "--port=none", "--data")) {
      var result =
          Program.of(LocalStack.script().toString(), "--no-build", mistake)
              .within(Duration.ofSeconds(30))
              .run();
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.err())
          .startsWith("up: ")
          .contains(mistake.split("=", 2)[0])
          .hasLineCount(1);
    }
    assertThat(Program.of(LocalStack.script().toString(), "--help").run().ok().out())
        .contains("--fresh");
  }

  /** The usual programs and nothing else: no java, no mvn. */
  private String tools() throws IOException {
    var bin = Files.createDirectories(folder.resolve("bin"));
    for (var name : List.of("sh", "sed", "dirname", "readlink", "uname", "find", "sort", "cksum")) {
      var target =
          List.of(Path.of("/usr/bin", name), Path.of("/bin", name)).stream()
              .filter(Files::exists)
              .findFirst();
      if (target.isPresent() && Files.notExists(bin.resolve(name))) {
        Files.createSymbolicLink(bin.resolve(name), target.get());
      }
    }
    return bin.toString();
  }

  private void publish(LocalStack stack, String site, String text) throws IOException {
    var build = Files.createDirectories(folder.resolve("build"));
    Files.writeString(build.resolve("index.html"), text);
    var token = stack.adminToken();
    stack.portico(token, "create", site).run().ok();
    stack.portico(token, "publish", build.toString(), "--site", site).run().ok();
    await()
        .untilAsserted(() -> assertThat(stack.get(site + ".localhost", "/").body()).contains(text));
  }

  private static void assertNothingLeft(List<ProcessHandle> children) {
    await("children end")
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
  }
}
