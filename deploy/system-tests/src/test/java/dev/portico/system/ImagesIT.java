package dev.portico.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.local.fixture.Program;
import dev.portico.system.fixture.Stack;
import dev.portico.system.fixture.SystemTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator relies on in each image and each running container. */
@SystemTest
@Timeout(300)
class ImagesIT {
  private static final long MOST_BYTES = 130_000_000;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"auth-service", "content-service", "gateway-service"})
  void isSmallUnprivilegedAndLabelled(String name) {
    // Without a tag, those of all tags would be saved, also what earlier runs have left.
    var image = "portico/" + name + ":latest";
    var config =
        Program.of("docker", "image", "inspect", "--format", "{{json .Config}}", image)
            .run()
            .ok()
            .out();
    assertThat(config)
        .contains("\"User\":\"10001:10001\"")
        .contains("\"org.opencontainers.image.licenses\":\"Apache-2.0\"")
        .contains("\"org.opencontainers.image.version\":")
        .contains("\"org.opencontainers.image.source\":")
        .containsPattern("\"org.opencontainers.image.revision\":\"[0-9a-f]{40}");
    var size = Program.shell("docker save " + image + " | gzip -6 | wc -c").run().ok().out();
    assertThat(Long.parseLong(size.strip())).isLessThanOrEqualTo(MOST_BYTES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auth", "content", "gateway", "dynamodb", "s3", "cognito"})
  void runsWithNothingThatItDoesNotNeed(String service) {
    var host =
        Program.of("docker", "inspect", "--format", "{{json .}}", Stack.shared().container(service))
            .run()
            .ok()
            .out();
    assertThat(host)
        .contains("\"ReadonlyRootfs\":true")
        .contains("\"CapDrop\":[\"ALL\"]")
        .contains("no-new-privileges:true")
        .contains("\"User\":\"10001:10001\"")
        .containsPattern("\"Memory\":[1-9]")
        .containsPattern("\"NanoCpus\":[1-9]");
  }

  /**
   * Brotli and Zstandard are native code, which wants libraries of the base and a place to unpack.
   */
  @ParameterizedTest
  @ValueSource(strings = {"br", "zstd"})
  void nativeCompressionWorks(String coding) throws Exception {
    var stack = Stack.shared();
    var token = stack.adminToken();
    var name = "native-" + coding;
    stack.portico(token, "create", name).run().ok();
    var site = Files.createDirectories(folder.resolve(name));
    Files.writeString(site.resolve("index.html"), ("<p>" + coding + " again\n").repeat(2_000));
    stack.portico(token, "publish", site.toString(), "--site", name).run().ok();
    await()
        // What other tests have published before comes first.
        .atMost(Duration.ofMinutes(5))
        .untilAsserted(
            () ->
                assertThat(
                        Program.of(
                                "curl",
                                "-sSI",
                                "-H",
                                "Accept-Encoding: " + coding,
                                "http://%s.localhost:%d/".formatted(name, stack.scaledPort()))
                            .run()
                            .ok()
                            .out())
                    .containsIgnoringCase("content-encoding: " + coding));
  }

  @Test
  void whatIsInFlightIsServedAtStop() throws Exception {
    var stack = Stack.shared();
    var token = stack.adminToken();
    stack.portico(token, "create", "slow").run().ok();
    var site = Files.createDirectories(folder.resolve("site"));
    Files.write(site.resolve("noise.bin"), noise(400_000));
    Files.writeString(site.resolve("index.html"), "slow");
    var gateway = stack.container("gateway");
    long before = connections(gateway);
    var out = folder.resolve("out");
    var err = folder.resolve("err");
    var upload =
        Program.shell(
                "tar c -C %s . | curl -sS --fail-with-body --limit-rate 100k -T- -H 'Authorization: Bearer %s' http://localhost:%d/v1/sites/slow/deployments"
                    .formatted(site, token, stack.port()))
            .start(out, err);
    await("the upload is under way")
        .atMost(Duration.ofSeconds(20))
        .until(() -> connections(gateway) > before);
    Program.of("docker", "stop", "--time", "30", gateway).run().ok();
    assertThat(upload.waitFor()).as(Files.readString(err) + Files.readString(out)).isZero();
    assertThat(exitCode(gateway)).as("137 would be SIGKILL").isEqualTo("143");
    Program.of("docker", "start", gateway).run().ok();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(stack.get("slow", "/").body()).isEqualTo("slow"));
  }

  /** Viewers' connections to the gateway, of which an upload is one more. */
  private static long connections(String gateway) {
    var metrics =
        Program.of(
                "docker",
                "exec",
                gateway,
                "java",
                "-jar",
                "/app/probe.jar",
                "http://127.0.0.1:8087/prometheus")
            .run()
            .ok()
            .out();
    return metrics
        .lines()
        .filter(line -> line.startsWith("portico_connections "))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static String exitCode(String container) {
    return Program.of("docker", "inspect", "--format", "{{.State.ExitCode}}", container)
        .run()
        .ok()
        .out()
        .strip();
  }

  /** Bytes that no compression makes smaller, the same in every run. */
  private static byte[] noise(int size) {
    var bytes = new byte[size];
    new java.util.Random(17).nextBytes(bytes);
    return bytes;
  }
}
