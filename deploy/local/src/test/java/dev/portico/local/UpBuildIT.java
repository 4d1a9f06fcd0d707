package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.local.fixture.LocalStack;
import dev.portico.local.fixture.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What `deploy/local/up` does before it hands over to the launcher, in a checkout with nothing but
 * itself in it, and with a Maven and a JDK that only note what they were asked for.
 */
@Timeout(60)
class UpBuildIT {
  private static final List<String> JARS =
      List.of(
          "deploy/local/target/portico-local.jar",
          "deploy/stand-ins/target/portico-stand-ins.jar",
          "auth-service/target/auth-service.jar",
          "content-service/target/content-service.jar",
          "gateway-service/target/gateway-service.jar");

  @TempDir Path folder;
  private Path checkout;
  private Path bin;
  private Path source;
  private Path builds;

  @BeforeEach
  void machine() throws IOException {
    checkout = folder.resolve("checkout");
    bin = Files.createDirectories(folder.resolve("bin"));
    builds = folder.resolve("builds");
    for (var name :
        List.of(
            "awk",
            "cat",
            "cksum",
            "df",
            "dirname",
            "find",
            "head",
            "mkdir",
            "readlink",
            "sed",
            "sh",
            "sort",
            "tee",
            "touch",
            "uname")) {
      Files.createSymbolicLink(bin.resolve(name), Program.find(name));
    }
    // The script looks for JDKs and Maven below this folder only.
    var text =
        Files.readString(LocalStack.script())
            .replaceAll("(/usr/lib/jvm|/usr/java|/opt|/usr/share)/", folder + "$1/");
    Files.createDirectories(checkout.resolve("deploy/local"));
    Files.writeString(checkout.resolve("deploy/local/up"), text);
    var jdk = Files.createDirectories(folder.resolve("usr/lib/jvm/jdk-25"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    program(jdk.resolve("bin/java"), "echo \"launcher: $*\"");
    program(jdk.resolve("bin/javac"), "exit 1");
    source = checkout.resolve("content-service/src/main/java/One.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, "class One {}");
  }

  private static void program(Path file, String lines) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + lines + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  /** Notes each call, says what Maven says, and makes the jars. */
  private void maven(String more) throws IOException {
    program(
        bin.resolve("mvn"),
        """
        echo "$JAVA_HOME $*" >>'%s'
        echo 'Downloaded from central: https://example.com/a/b/some.jar (9 kB at 1 kB/s)'
        echo '[INFO] Building Portico content-service 0.1.0 [1/5]'
        for jar in %s; do mkdir -p "${jar%%/*}" && touch "$jar"; done
        %s
        """
            .formatted(builds, String.join(" ", JARS), more));
  }

  private Program.Result up(String... options) {
    var words = new ArrayList<>(List.of("/bin/sh", checkout + "/deploy/local/up"));
    words.addAll(List.of(options));
    return Program.of(words.toArray(String[]::new))
        .with("PATH", bin.toString())
        .with("JAVA_HOME", "")
        .with("MAVEN_HOME", "")
        .with("HOME", folder.toString())
        .run();
  }

  private List<String> builds() throws IOException {
    return Files.exists(builds) ? Files.readAllLines(builds) : List.of();
  }

  private void assertRefused(Program.Result result, String... parts) {
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains(parts).startsWith("up: ").hasLineCount(1);
    assertThat(result.out()).doesNotContain("launcher:");
  }

  @Test
  void itBuildsOnceAndAgainWhenASourceChanges() throws IOException {
    maven("");
    var first = up("--port", "8090").ok();
    assertThat(first.out())
        .contains("Building Portico, without tests", "about 400 MB", ".portico/logs/build.log")
        .contains("launcher: ")
        .contains("-jar " + checkout.toRealPath() + "/deploy/local/target/portico-local.jar")
        .contains("--port 8090");
    assertThat(first.err())
        .contains("  Portico content-service 0.1.0 [1/5]", "  downloaded 1 files");
    assertThat(builds())
        .singleElement()
        .asString()
        .startsWith(folder.resolve("usr/lib/jvm/jdk-25").toString())
        .contains("-Dmaven.test.skip=true", " package");

    assertThat(up().ok().out()).startsWith("launcher: ");
    assertThat(builds()).hasSize(1);

    Files.writeString(source, "class One { int two; }");
    assertThat(up("--no-build").ok().out()).startsWith("launcher: ");
    assertThat(builds()).as("told not to").hasSize(1);
    up().ok();
    assertThat(builds()).hasSize(2);
    up().ok();
    assertThat(builds()).hasSize(2);

    Files.delete(checkout.resolve(JARS.getLast()));
    up().ok();
    assertThat(builds()).as("a jar was missing").hasSize(3);

    Files.delete(source);
    up().ok();
    assertThat(builds()).hasSize(4);
  }

  @Test
  void whatMavenHasBuiltByHandIsNotBuiltAgain() throws IOException {
    maven("");
    for (var jar : JARS) {
      var file = checkout.resolve(jar);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
    }
    assertThat(up().ok().out()).startsWith("launcher: ");
    assertThat(builds()).isEmpty();
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(90)));
    Files.writeString(checkout.resolve("deploy/local/target/up.stamp"), "of other sources\n");
    up().ok();
    assertThat(builds()).hasSize(1);
  }

  @Test
  void aWrongOptionIsSaidBeforeTheBuild() throws IOException {
    maven("");
    assertRefused(up("--bogus"), "unknown option --bogus; up --help lists them");
    assertRefused(up("--fresh", "docs"), "unknown option docs");
    assertRefused(up("--port", "abc"), "--port takes a port from 1 to 65535, not \"abc\"");
    assertRefused(up("--https-port=99999"), "--https-port takes a port from 1 to 65535");
    assertRefused(up("--port", "0"), "--port takes a port");
    assertRefused(up("--data"), "--data needs a value");
    assertRefused(up("--data="), "--data needs a value");
    assertRefused(up("--fresh=docs"), "unknown option --fresh=docs");
    assertRefused(up("--port", "8443"), "--port and --https-port are both 8443");
    assertThat(builds()).isEmpty();
    up("--port=8090", "--no-https", "--data", folder.resolve("data").toString()).ok();
    assertThat(builds()).hasSize(1);
  }

  @Test
  void aBuildThatFailsIsNamedAndTriedAgain() throws IOException {
    maven("echo '[ERROR] One.java:[1,7] no such thing'; exit 1");
    for (int build = 1; build <= 2; build++) {
      var failed = up();
      assertThat(failed.status()).isEqualTo(1);
      var log = checkout.toRealPath().resolve(".portico/logs/build.log");
      assertThat(failed.err())
          .contains("[ERROR] One.java:[1,7] no such thing\n")
          .endsWith("up: the build failed; see " + log + "\n");
      assertThat(failed.out()).doesNotContain("launcher:");
      assertThat(log).content().contains("no such thing");
      assertThat(builds()).hasSize(build);
    }
  }

  @Test
  void aBuildThatMakesNothingIsNamed() throws IOException {
    program(bin.resolve("mvn"), "exit 0");
    assertRefused(up(), "the build made no ", "portico-local.jar; see ");
  }

  @Test
  void whatCannotBeBuiltIsOneLine() throws IOException {
    assertRefused(up("--no-build"), "nothing is built yet; leave out --no-build");
    assertRefused(up(), "needs Maven 3.8.7 or newer to build");

    maven("");
    Files.delete(bin.resolve("df"));
    program(
        bin.resolve("df"),
        "echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'\n"
            + "echo '/dev/sda1 9000000 8897600 102400 99% /'");
    assertRefused(
        up(), "the disk of " + checkout.toRealPath() + " has 100 MB free", "needs 1024 MB");
    assertThat(builds()).isEmpty();

    Files.delete(bin.resolve("df"));
    Files.createSymbolicLink(bin.resolve("df"), Program.find("df"));
    var file = Files.createFile(folder.resolve("file"));
    assertRefused(up("--data", file + "/data"), "cannot write to " + file + "/data", "--data");
  }
}
