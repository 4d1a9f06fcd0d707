package dev.portico.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.system.fixture.Stack;
import dev.portico.system.fixture.SystemTest;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Today's images take over what an earlier build has stored: they serve it as that build did, and
 * it can be worked with. In each state the site {@code notes} has two deployments, of which the
 * second is live, an alias {@code next}, a shared password, a group, and a publisher who is in it.
 */
@SystemTest
@Timeout(900)
class EarlierDataIT {
  private static final Path STORED = Path.of("src/test/resources/earlier").toAbsolutePath();
  private static final String READER = "reader@example.com";
  private static final String READERS_PASSWORD = "Of-an-earlier-build-1";
  private static final List<String> FIELDS =
      List.of("Content-Type", "ETag", "Cache-Control", "Location", "X-Edition");

  private final Stack stack = Stack.shared();

  @TempDir Path folder;

  @AfterEach
  void startAfresh() {
    stack.compose("down", "--volumes").run().ok();
    stack.up();
  }

  @ParameterizedTest
  @ValueSource(strings = "563fa7e")
  void isServedAsItWasAndGoesOn(String build) throws Exception {
    stack.empty();
    stack.backup("import < " + STORED.resolve(build).resolve("portico.backup")).run().ok();
    stack.up();
    var lines =
        Files.readAllLines(STORED.resolve(build).resolve("served.tsv")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList();
    assertThat(lines).hasSizeGreaterThan(10);
    await()
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .untilAsserted(
            () ->
                assertThat(lines)
                    .allSatisfy(
                        line -> assertThat(served(line.split("\t", -1)[0])).isEqualTo(line)));
    assertThat(stack.get("next--notes", "/").body()).contains("first edition");

    // The accounts with their passwords, the group and who is in it.
    var reader = stack.token(READER, READERS_PASSWORD);
    assertThat(stack.get("notes", "/team/", Map.of("Authorization", "Bearer " + reader)).body())
        .contains("For the team");
    // The publisher: nothing of what is there is sent again.
    var copy = folder.resolve("copy");
    stack.portico(reader, "cp", "-r", "notes", copy.toString()).run().ok();
    var again =
        stack.portico(reader, "publish", copy.toString(), "--site", "notes").run().ok().err();
    assertThat(again).contains("sent 0 of 10 files");
    stack.portico(reader, "activate", "notes", first(reader)).run().ok();
    await()
        .untilAsserted(() -> assertThat(stack.get("notes", "/").body()).contains("first edition"));
    // What only the admin may, who owns the site.
    var admin = stack.adminToken();
    assertThat(stack.portico(admin, "sites").run().ok().out()).contains("notes");
  }

  /** The deployment that was live before the one that the backup has live. */
  private String first(String token) {
    var lines = stack.portico(token, "deployments", "notes").run().ok().out().lines().toList();
    return lines.stream()
        .filter(line -> line.endsWith("First edition"))
        .map(line -> line.split("\t", -1)[0])
        .findFirst()
        .orElseThrow(() -> new AssertionError("no first edition: " + lines));
  }

  private String served(String path) {
    HttpResponse<String> answer = stack.get("notes", path);
    var values = new ArrayList<>(List.of(path, Integer.toString(answer.statusCode())));
    FIELDS.forEach(field -> values.add(answer.headers().firstValue(field).orElse("")));
    return String.join("\t", values).stripTrailing();
  }
}
