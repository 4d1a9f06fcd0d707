package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portico.local.fixture.LocalStack;
import dev.portico.local.fixture.Program;
import dev.portico.local.fixture.ViteSite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sites that people publish: documentation of thousands of files, a bundler's output. */
@Timeout(600)
class RealSitesIT {
  private static final Path PYTHON = Path.of("/usr/share/doc/python3-doc/html");
  private static final Path JAVA = Path.of("/usr/share/doc/openjdk-17-doc/api");
  private static final int VIEWERS = 16;

  @TempDir Path folder;

  /** Its start is no test's time. */
  @BeforeAll
  static void start() {
    LocalStack.shared();
  }

  @Test
  void pythonsDocumentationByTarAndCurl() throws Exception {
    assumeTrue(Files.exists(PYTHON), "the package python3-doc is not installed");
    var stack = LocalStack.shared();
    var token = stack.adminToken();
    stack.portico(token, "create", "python").run().ok();
    var url = stack.api() + "/v1/sites/python/deployments";
    Program.shell(
            "tar czh -C %s . | curl -sS --fail-with-body -T- -H 'Authorization: Bearer %s' %s"
                .formatted(PYTHON, token, url))
        .run()
        .ok();
    assertEveryFileIsServed(stack, "python", PYTHON);
    // The same by digests is the same deployment: nothing is sent, nothing is new.
    var again = stack.portico(token, "publish", PYTHON.toString(), "--site", "python").run().ok();
    assertThat(again.err()).contains("sent 0 of ");
  }

  @Test
  void javasDocumentationByDigestsAndThenOneFileChanged() throws Exception {
    assumeTrue(Files.exists(JAVA), "the package openjdk-17-doc is not installed");
    var stack = LocalStack.shared();
    var token = stack.adminToken();
    stack.portico(token, "create", "java").run().ok();
    var copy = folder.resolve("api");
    Program.of("cp", "-rL", JAVA.toString(), copy.toString()).run().ok();
    stack.portico(token, "publish", copy.toString(), "--site", "java").run().ok();
    assertEveryFileIsServed(stack, "java", copy);

    Files.writeString(copy.resolve("index.html"), "<title>changed</title>");
    var second = stack.portico(token, "publish", copy.toString(), "--site", "java").run().ok();
    assertThat(second.err()).contains("sent 1 of ");
    await()
        .untilAsserted(
            () -> assertThat(stack.get("java.localhost", "/").body()).contains("changed"));
  }

  @Test
  void aSinglePageApplicationBuiltByVite() throws Exception {
    assumeTrue(ViteSite.canBeBuilt(), "npm is not installed");
    var built = ViteSite.build(folder.resolve("app"));
    Files.writeString(built.resolve("404.html"), "<p>lost");

    var stack = LocalStack.shared();
    var token = stack.adminToken();
    stack.portico(token, "create", "spa").run().ok();
    stack.portico(token, "publish", built.toString(), "--site", "spa").run().ok();
    assertEveryFileIsServed(stack, "spa", built);

    var page = stack.get("spa.localhost", "/");
    assertThat(page.headers().firstValue("Cache-Control"))
        .hasValue("public, max-age=0, must-revalidate");
    var script = Pattern.compile("src=\"(/assets/[^\"]+\\.js)\"").matcher(page.body());
    assertThat(script.find()).isTrue();
    var reply = stack.get("spa.localhost", script.group(1));
    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.headers().firstValue("Content-Type").orElse("")).startsWith("text/javascript");
    assertThat(reply.headers().firstValue("Cache-Control").orElse("")).contains("immutable");
    assertThat(stack.get("spa.localhost", "/no/such/route").body()).contains("lost");
  }

  /** Fetches every file as a viewer and compares it with the one on disk. */
  private static void assertEveryFileIsServed(LocalStack stack, String site, Path folder)
      throws InterruptedException, ExecutionException, IOException {
    List<Path> files;
    try (var walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    assertThat(files).isNotEmpty();
    var host = site + ".localhost:" + stack.port();
    await()
        .untilAsserted(
            () -> assertThat(stack.get(site + ".localhost", "/").statusCode()).isEqualTo(200));
    try (var client =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        var viewers = Executors.newFixedThreadPool(VIEWERS)) {
      var checks = new ArrayList<Callable<List<String>>>();
      for (int part = 0; part < VIEWERS; part++) {
        int first = part;
        checks.add(
            () -> {
              var wrong = new ArrayList<String>();
              for (int i = first; i < files.size(); i += VIEWERS) {
                var path = "/" + folder.relativize(files.get(i));
                var problem = check(client, stack, host, path, files.get(i));
                if (!problem.isEmpty()) {
                  wrong.add(path + ": " + problem);
                }
              }
              return wrong;
            });
      }
      for (var done : viewers.invokeAll(checks)) {
        assertThat(done.get()).isEmpty();
      }
    }
  }

  private static String check(
      HttpClient client, LocalStack stack, String host, String path, Path file)
      throws InterruptedException {
    try {
      var uri = new URI("http", null, "127.0.0.1", stack.port(), path, null, null);
      var request =
          HttpRequest.newBuilder(URI.create(uri.toASCIIString()))
              .header("Host", host)
              .timeout(Duration.ofSeconds(30))
              .build();
      var reply = client.send(request, BodyHandlers.ofByteArray());
      if (reply.statusCode() != 200) {
        return "status " + reply.statusCode();
      }
      if (reply.headers().firstValue("Content-Type").isEmpty()) {
        return "no media type";
      }
      return Arrays.equals(reply.body(), Files.readAllBytes(file)) ? "" : "other bytes";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      return e.toString();
    }
  }
}
