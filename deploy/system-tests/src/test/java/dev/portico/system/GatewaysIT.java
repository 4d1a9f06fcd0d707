package dev.portico.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.local.fixture.Program;
import dev.portico.system.fixture.Stack;
import dev.portico.system.fixture.SystemTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two gateways: what both must have heard of, and what each does without the rest. */
@SystemTest
@Timeout(600)
class GatewaysIT {
  private static final Pattern MISSING = Pattern.compile("\"gateway\"\\s*:\\s*\"");

  @TempDir Path folder;

  /** One does not run while it is asked for, so that nobody else can have confirmed for it. */
  @ParameterizedTest
  @CsvSource({"gateway,gateway-2", "gateway-2,gateway"})
  void anInvalidationIsCompletedWhenBothHaveConfirmed(String paused, String asked) {
    var stack = Stack.shared();
    var token = stack.adminToken();
    var site = "fresh-" + paused;
    stack.portico(token, "create", site).run().ok();
    // In peace, so that no gateway that is gone is waited for any more.
    stack.portico(token, "invalidate", site, "/*", "--wait", "30").run().ok();
    // Where this machine is so busy that a lease runs out meanwhile, nothing is proven.
    await("confirmed within the lease")
        .atMost(Duration.ofMinutes(3))
        .until(() -> confirmedInTime(stack, token, site, paused, asked));
  }

  private static boolean confirmedInTime(
      Stack stack, String token, String site, String paused, String asked) {
    var container = stack.container(paused);
    var address = stack.address(asked);
    Program.of("docker", "pause", container).run().ok();
    String waiting;
    try {
      var order = "{\"callerReference\":\"" + Instant.now() + "\",\"paths\":[\"/one\",\"/two/*\"]}";
      waiting = api(address, token, site + "/invalidations?wait=1", "-d", order);
    } finally {
      Program.of("docker", "unpause", container).run().ok();
    }
    if (!field(waiting, "status").equals("InProgress")
        || MISSING.matcher(waiting).results().count() != 1) {
      return false;
    }
    var leaseUntil = Instant.parse(field(waiting, "leaseUntil"));
    var done = api(address, token, site + "/invalidations/" + field(waiting, "id") + "?wait=30");
    assertThat(field(done, "status")).isEqualTo("Completed");
    assertThat(done).containsPattern("\"missing\"\\s*:\\s*\\[\\s*]");
    return Instant.parse(field(done, "completedAt")).isBefore(leaseUntil);
  }

  @Test
  void oneThatIsCutOffServesWhatItHoldsAndCatchesUp() throws Exception {
    var stack = Stack.shared();
    var token = stack.adminToken();
    stack.portico(token, "create", "island").run().ok();
    publish(stack, token, "first");
    shows(stack, "gateway", "first");
    shows(stack, "gateway-2", "first");

    var container = stack.container("gateway-2");
    // Tests reach it over this one, where nobody else is.
    var aside = stack.network() + "-aside";
    var label = "com.docker.compose.project=" + stack.project();
    docker("network", "create", "--label", label, aside);
    docker("network", "connect", aside, container);
    docker("network", "disconnect", stack.network(), container);
    try {
      await("it notices")
          .pollInterval(Duration.ofMillis(500))
          .untilAsserted(
              () ->
                  assertThat(Stack.management(container, 8087, "/prometheus"))
                      .contains("\nportico_feed_lease 0.0"));
      publish(stack, token, "second");
      shows(stack, "gateway", "second");
      shows(stack, "gateway-2", "first");
    } finally {
      docker("network", "connect", "--alias", "gateway-2", stack.network(), container);
      docker("network", "disconnect", aside, container);
      docker("network", "rm", aside);
    }
    shows(stack, "gateway-2", "second");
    await("viewers of both")
        .untilAsserted(() -> assertThat(stack.get("island", "/").body()).isEqualTo("second"));
  }

  private void publish(Stack stack, String token, String text) throws IOException {
    var site = Files.createDirectories(folder.resolve("island"));
    Files.writeString(site.resolve("index.html"), text);
    stack.portico(token, "publish", site.toString(), "--site", "island").run().ok();
  }

  private static void shows(Stack stack, String gateway, String text) {
    var address = stack.address(gateway);
    await(gateway + " shows the " + text)
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .untilAsserted(
            () -> {
              var answer = stack.getFrom(address, "island", "/");
              assertThat(answer.statusCode()).isEqualTo(200);
              assertThat(answer.body()).isEqualTo(text);
            });
  }

  private static void docker(String... words) {
    var command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(words));
    Program.of(command.toArray(String[]::new)).run().ok();
  }

  private static String api(String address, String token, String path, String... more) {
    var command = new ArrayList<>(List.of("curl", "-sS", "--fail-with-body", "-H"));
    command.addAll(List.of("Host: localhost", "-H", "Content-Type: application/json", "-H"));
    command.add("Authorization: Bearer " + token);
    command.addAll(List.of(more));
    command.add("http://" + address + "/v1/sites/" + path);
    return Program.of(command.toArray(String[]::new)).run().ok().out();
  }

  /** The first value of that name in an object; empty when there is none, or it is no text. */
  private static String field(String json, String name) {
    var found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]+)\"").matcher(json);
    return found.find() ? found.group(1) : "";
  }
}
