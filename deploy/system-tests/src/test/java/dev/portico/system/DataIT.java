package dev.portico.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.local.fixture.Program;
import dev.portico.system.fixture.Images;
import dev.portico.system.fixture.Stack;
import dev.portico.system.fixture.SystemTest;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is stored outlives containers: over an upgrade, and from an export into empty volumes. */
@SystemTest
@Timeout(900)
class DataIT {
  private static final List<String> OURS =
      List.of("auth-service", "content-service", "gateway-service", "portico-local");

  @TempDir Path folder;

  @Test
  void exportWipeAndImportGiveTheSameSites() throws Exception {
    var stack = Stack.shared();
    var before = publish(stack, "kept");
    var export = folder.resolve("portico.backup");
    assertThat(stack.backup("export > " + export).run().err()).contains("is running");
    stack.compose("stop").run().ok();
    stack.backup("export > " + export).run().ok();
    // What is there is not written over.
    assertThat(stack.backup("import < " + export).run().err()).contains("empty volumes only");

    stack.empty();
    var cut = folder.resolve("cut.backup");
    var bytes = Files.readAllBytes(export);
    Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length - 100));
    assertThat(stack.backup("import < " + cut).run().status()).isNotZero();
    // Nobody starts on what came of it.
    var provision = stack.compose("run", "--rm", "-T", "provision").run();
    assertThat(provision.status()).isNotZero();
    assertThat(provision.err() + provision.out())
        .contains("an import into these volumes was not finished");

    stack.empty();
    stack.backup("import < " + export).run().ok();
    stack.up();
    shows(stack, "kept", before);
    // Accounts and memberships too: the same admin can publish again.
    var token = stack.adminToken();
    var same = folder.resolve("kept");
    var again = stack.portico(token, "publish", same.toString(), "--site", "kept").run().ok();
    assertThat(again.err()).contains("sent 0 of ");
  }

  @Test
  void anUpgradeKeepsTheData() throws Exception {
    var stack = Stack.shared();
    var before = publish(stack, "old");
    for (var image : OURS) {
      var next = folder.resolve(image);
      Files.createDirectories(next);
      Files.writeString(
          next.resolve("Dockerfile"), "FROM " + Images.name(image) + "\nLABEL next=yes\n");
      Program.of("docker", "build", "--tag", Images.tagged(image, "next"), next.toString())
          .run()
          .ok();
    }
    try {
      stack.compose(Map.of("PORTICO_TAG", "next"), "up", "--detach", "--no-build").run().ok();
      assertThat(Images.inspect("{{.Config.Image}}", stack.container("content")))
          .isEqualTo(Images.tagged("content-service", "next"));
      shows(stack, "old", before);
    } finally {
      stack.up();
    }
  }

  private List<String> publish(Stack stack, String site) throws Exception {
    var pages = Files.createDirectories(folder.resolve(site));
    Files.writeString(pages.resolve("index.html"), "<h1>" + site + "</h1>");
    Files.writeString(pages.resolve("data.json"), "{\"site\": \"" + site + "\"}");
    var token = stack.adminToken();
    stack.portico(token, "create", site).run().ok();
    stack.portico(token, "publish", pages.toString(), "--site", site).run().ok();
    await()
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .until(() -> stack.get(site, "/data.json").statusCode() == 200);
    return seen(stack, site);
  }

  private static void shows(Stack stack, String site, List<String> before) {
    // The balancer may not listen yet.
    await()
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .untilAsserted(() -> assertThat(seen(stack, site)).isEqualTo(before));
  }

  /** What a viewer can tell one state of a site from another by. */
  private static List<String> seen(Stack stack, String site) {
    var seen = new ArrayList<String>();
    for (var path : List.of("/", "/data.json", "/none")) {
      var answer = stack.get(site, path);
      // The page of an error names the request, which is another each time.
      seen.add(answer.statusCode() + (answer.statusCode() == 200 ? " " + answer.body() : ""));
      for (var field : List.of("ETag", "Content-Type", "Cache-Control")) {
        seen.add(field + ": " + answer.headers().firstValue(field).orElse("-"));
      }
    }
    return seen;
  }
}
