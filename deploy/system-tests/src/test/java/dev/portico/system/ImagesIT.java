package dev.portico.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.local.fixture.Program;
import dev.portico.system.fixture.Images;
import dev.portico.system.fixture.Stack;
import dev.portico.system.fixture.SystemTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator relies on in each image and each running container. */
@SystemTest
@Timeout(900)
class ImagesIT {
  /** Compressed, on a base that {@code deploy/images/base} has cut down. */
  private static final long MOST_BYTES_CUT_DOWN = 130_000_000;

  /** On any other base, such as the default one. */
  private static final long MOST_BYTES = 250_000_000;

  @TempDir Path folder;

  /** Its start is no test's time. */
  @BeforeAll
  static void start() {
    Stack.shared();
  }

  @ParameterizedTest
  @ValueSource(strings = {"auth-service", "content-service", "gateway-service"})
  void isSmallUnprivilegedAndLabelled(String name) {
    // With a tag, since without one those of all tags would be saved, also what earlier runs left.
    var image = Images.name(name);
    assertThat(Images.inspect("{{json .Config}}", image))
        .contains("\"User\":\"10001:10001\"")
        .contains("\"org.opencontainers.image.licenses\":\"Apache-2.0\"")
        .contains("\"org.opencontainers.image.version\":")
        .contains("\"org.opencontainers.image.source\":")
        .containsPattern("\"org.opencontainers.image.revision\":\"[0-9a-f]{40}");
    var base = Images.label(image, "org.opencontainers.image.base.name");
    assertThat(base).isNotEmpty();
    var size = Program.shell("docker save " + image + " | gzip -6 | wc -c").run().ok().out();
    assertThat(Long.parseLong(size.strip()))
        .as("bytes on %s", base)
        .isLessThanOrEqualTo(mostBytes(base));
  }

  private static long mostBytes(String base) {
    return base.replaceFirst("^docker://", "").startsWith("portico-base")
        ? MOST_BYTES_CUT_DOWN
        : MOST_BYTES;
  }

  /**
   * As the image starts it, but for the main class. What jvm.options says must have arrived, and
   * nothing else in the command may say otherwise.
   */
  @ParameterizedTest
  @ValueSource(strings = {"auth-service", "content-service", "gateway-service", "portico-local"})
  void theJvmRunsAsTheOptionsSay(String name) {
    var image = Images.name(name);
    var entrypoint =
        Images.inspect("{{range .Config.Entrypoint}}{{println .}}{{end}}", image).lines().toList();
    var command = new ArrayList<>(List.of("docker", "run", "--rm", "--memory", "512m"));
    command.addAll(List.of("--entrypoint", entrypoint.getFirst(), image));
    command.addAll(entrypoint.subList(1, entrypoint.size() - 1));
    command.addAll(List.of("-XX:+PrintFlagsFinal", "-version"));
    assertThat(Program.of(command.toArray(String[]::new)).run().ok().out())
        .containsPattern(" MaxRAMPercentage += 50\\.0")
        // Half of what the container has, not of what the machine has.
        .containsPattern(" MaxHeapSize += 268435456 ")
        .containsPattern(" UseSerialGC += true ")
        .containsPattern(" ExitOnOutOfMemoryError += true ")
        .containsPattern(" UsePerfData += false ");
  }

  /** What an operator adds by {@code JDK_JAVA_OPTIONS} reaches the probe's JVM, too. */
  @ParameterizedTest
  @ValueSource(strings = {"auth", "content", "gateway"})
  void theProbeWorksBesideALargerHeap(String service) {
    var container = Stack.shared().container(service);
    var probe =
        Images.inspect("{{range .Config.Healthcheck.Test}}{{println .}}{{end}}", container)
            .lines()
            .toList();
    assertThat(probe.getFirst()).isEqualTo("CMD");
    var command =
        new ArrayList<>(List.of("docker", "exec", "--env", "JDK_JAVA_OPTIONS=-Xms128m", container));
    command.addAll(probe.subList(1, probe.size()));
    // It gives up after some seconds, which a busy machine may take.
    await()
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () ->
                assertThat(Program.of(command.toArray(String[]::new)).run().ok().err())
                    .as("the option has arrived")
                    .contains("JDK_JAVA_OPTIONS: -Xms128m"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auth",
        "content",
        "gateway",
        "gateway-2",
        "dynamodb",
        "s3",
        "cognito",
        "storage",
        "provision",
        "demo"
      })
  void runsWithNothingThatItDoesNotNeed(String service) {
    assertThat(Images.inspect("{{json .}}", Stack.shared().container(service)))
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
    // 15 s at the rate below: longer than it takes to see it begin, shorter than the grace at stop.
    Files.write(site.resolve("noise.bin"), noise(1_500_000));
    Files.writeString(site.resolve("index.html"), "slow");
    var gateway = stack.container("gateway");
    var begun = folder.resolve("begun");
    var out = folder.resolve("out");
    var err = folder.resolve("err");
    var upload =
        Program.shell(
                "tar c -C %s . | { head -c 300000; touch %s; cat; } | curl -sS --fail-with-body --limit-rate 100k -T- -H 'Authorization: Bearer %s' http://localhost:%d/v1/sites/slow/deployments"
                    .formatted(site, begun, token, stack.port()))
            .start(out, err);
    await("the upload is under way").until(() -> Files.exists(begun));
    Program.of("docker", "stop", "--time", "30", gateway).run().ok();
    assertThat(upload.waitFor()).as(Files.readString(err) + Files.readString(out)).isZero();
    assertThat(Images.inspect("{{.State.ExitCode}}", gateway))
        .as("137 would be SIGKILL")
        .isEqualTo("143");
    Program.of("docker", "start", gateway).run().ok();
    await().untilAsserted(() -> assertThat(stack.get("slow", "/").body()).isEqualTo("slow"));
  }

  /** Bytes that no compression makes smaller, the same in every run. */
  private static byte[] noise(int size) {
    var bytes = new byte[size];
    new java.util.Random(17).nextBytes(bytes);
    return bytes;
  }
}
