package dev.portico.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.local.fixture.Program;
import dev.portico.system.fixture.Images;
import dev.portico.system.fixture.Stack;
import dev.portico.system.fixture.SystemTest;
import dev.portico.system.fixture.VersionWatch;
import dev.portico.system.fixture.Viewers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each container in turn is killed under traffic and comes back; nothing may be lost by it. */
@SystemTest
@Timeout(2400)
class ContainersDieIT {
  /** Those that other containers can do without for a while, the gateways last. */
  private static final List<String> VICTIMS =
      List.of("dynamodb", "s3", "cognito", "auth", "content", "gateway-2", "gateway");

  private static final List<String> GATEWAYS = List.of("gateway", "gateway-2");

  private static final List<String> CACHED =
      List.of("/one.txt", "/two.txt", "/three/four.txt", "/index.html");

  private static final List<String> FILES = List.of("/index.html", "/a.txt", "/b/c.txt");

  /** Between questions that are processes, so that what starts gets the processors. */
  private static final Duration BY_PROCESS = Duration.ofMillis(500);

  @TempDir Path folder;

  @Test
  void cachedContentIsServedAndNoPublicationIsLostOrHalf() throws Exception {
    var stack = Stack.shared();
    var token = stack.adminToken();
    stack.portico(token, "create", "still").run().ok();
    stack.portico(token, "create", "busy").run().ok();
    var still = site("still", CACHED, "");
    stack.portico(token, "publish", still.toString(), "--site", "still").run().ok();
    var busy = site("busy", FILES, "0");
    stack.portico(token, "publish", busy.toString(), "--site", "busy").run().ok();
    warm(stack, "still", CACHED);
    warm(stack, "busy", FILES);

    var acknowledged = new ConcurrentHashMap<String, Integer>();
    var last = new ConcurrentHashMap<String, String>();
    var going = new AtomicBoolean(true);
    var publisher =
        Thread.ofVirtual()
            .start(
                () -> {
                  for (int version = 1; going.get(); version++) {
                    publish(stack, token, busy, version, acknowledged, last);
                  }
                });
    try (var viewers = new Viewers(stack, "still", CACHED, 8);
        var watch = new VersionWatch(stack, "busy", FILES, GATEWAYS)) {
      for (var victim : VICTIMS) {
        var container = stack.container(victim);
        int published = acknowledged.size();
        Program.of("docker", "kill", "--signal", "KILL", container).run().ok();
        long seen = viewers.answers();
        await("viewers go on without " + victim).until(() -> viewers.answers() > seen + 500);
        var started = Instant.now();
        Program.of("docker", "start", container).run().ok();
        await(victim + " is healthy again")
            .atMost(Duration.ofMinutes(5))
            .pollInterval(BY_PROCESS)
            .untilAsserted(() -> assertThat(health(container)).contains("\"Status\":\"healthy\""));
        await("publications go on after " + victim)
            .atMost(Duration.ofMinutes(5))
            .until(() -> acknowledged.size() > published);
        if (GATEWAYS.contains(victim)) {
          await("the balancer sends viewers to " + victim + " again")
              .pollInterval(BY_PROCESS)
              .until(() -> log(container, started).contains(CACHED.getFirst()));
          warm(stack, "still", CACHED);
        }
        assertThat(viewers.failures()).as("answers while %s was away", victim).isEmpty();
        assertThat(watch.mixtures()).as("the site while %s was away", victim).isEmpty();
      }
      assertThat(viewers.answers()).isGreaterThan(5_000);
      // Nobody can see a mixture who has not seen versions come and go.
      assertThat(watch.versions()).hasSizeGreaterThan(2);
    } finally {
      going.set(false);
      publisher.join();
    }

    if (last.isEmpty()) {
      // The last attempt was cut off, and nobody knows what it left: once more, in peace.
      publish(stack, token, busy, 1_000_000, acknowledged, last);
    }
    assertThat(last).as("a publication when all containers run").isNotEmpty();
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(VICTIMS.size());
    for (Map.Entry<String, Integer> each : acknowledged.entrySet()) {
      for (var file : FILES) {
        var answer = stack.get(each.getKey() + "--busy", file);
        assertThat(answer.statusCode())
            .as("%s of version %d", file, each.getValue())
            .isEqualTo(200);
        assertThat(answer.body()).isEqualTo(text(file, Integer.toString(each.getValue())));
      }
    }
    var live = acknowledged.get(last.get("id"));
    await("the last publication is what is shown")
        .untilAsserted(
            () -> {
              for (var file : FILES) {
                assertThat(stack.get("busy", file).body()).isEqualTo(text(file, "" + live));
              }
            });
  }

  /**
   * Publishes one version; what fails or is interrupted is not acknowledged, and may be repeated.
   */
  private static void publish(
      Stack stack,
      String token,
      Path busy,
      int version,
      Map<String, Integer> acknowledged,
      Map<String, String> last) {
    try {
      write(busy, FILES, Integer.toString(version));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    var result =
        stack
            .portico(token, "publish", busy.toString(), "--site", "busy", "--json", "--quiet")
            .run();
    if (result.status() == 0) {
      var id = result.out().replaceAll("(?s).*?\"id\"\\s*:\\s*\"([^\"]+)\".*", "$1");
      acknowledged.put(id, version);
      last.put("id", id);
    } else {
      // It may have arrived all the same, after the version before: then it is what is shown.
      last.remove("id");
    }
  }

  /**
   * Until every file has come from each gateway, asked itself: the balancer takes turns, and an
   * even number of files in the same order would be shared out instead.
   */
  private static void warm(Stack stack, String site, List<String> files) {
    for (var gateway : GATEWAYS) {
      var address = stack.address(gateway);
      await(gateway + " has what is asked for")
          .ignoreExceptionsInstanceOf(UncheckedIOException.class)
          .untilAsserted(
              () -> {
                for (var path : files) {
                  assertThat(stack.getFrom(address, site, path).statusCode()).isEqualTo(200);
                }
              });
    }
  }

  private static String log(String container, Instant since) {
    return Program.of("docker", "logs", "--since", since.toString(), container).run().ok().out();
  }

  /** With what the last probes said. */
  private static String health(String container) {
    return Images.inspect("{{json .State.Health}}", container);
  }

  private Path site(String name, List<String> files, String version) throws IOException {
    var site = folder.resolve(name);
    write(site, files, version);
    return site;
  }

  private static void write(Path site, List<String> files, String version) throws IOException {
    var parents = new ArrayList<Path>();
    for (var file : files) {
      var path = site.resolve(file.substring(1));
      parents.add(path);
      Files.createDirectories(site.resolve(file.substring(1, file.lastIndexOf('/') + 1)));
      Files.writeString(path, text(file, version));
    }
    assertThat(parents).allMatch(Files::exists);
  }

  private static String text(String file, String version) {
    return VersionWatch.text(file, version);
  }
}
