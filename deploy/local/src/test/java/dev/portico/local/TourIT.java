package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portico.local.fixture.LocalStack;
import dev.portico.local.fixture.Program;
import dev.portico.standins.process.Checkout;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tour of the README, to the letter, and the same from Java, Python and Node. */
@Timeout(600)
class TourIT {
  private static final Path ROOT = Checkout.locate().root();
  private static final Path CLIENTS = ROOT.resolve("deploy/local/src/test/clients");

  @TempDir Path folder;

  /** Its start is no test's time. */
  @BeforeAll
  static void start() {
    LocalStack.shared();
  }

  @Test
  void theReadmesTourWorksToTheLetter() throws IOException {
    assumeTrue(Program.isThere("curl"), "curl is not installed");
    assumeTrue(Program.isThere("tar"), "tar is not installed");
    var stack = LocalStack.shared();
    var readme = Files.readString(ROOT.resolve("README.md"));
    var tour = readme.substring(readme.indexOf("<!-- tour -->"), readme.indexOf("<!-- /tour -->"));
    var script =
        tour.substring(tour.indexOf("```sh\n") + 6, tour.lastIndexOf("```"))
            .replace("localhost:8080", "localhost:" + stack.port())
            // This machine may be busy with other tests.
            .replace("sleep 1;", "sleep 15;");
    assertThat(script).contains("/auth/sign-in", "tar czh", "rollback");
    Files.createSymbolicLink(folder.resolve(".portico"), stack.data());

    var result = Program.shell(script).in(folder).run().ok();

    assertThat(result.out())
        .containsSubsequence("<h1>Hello</h1>", "<h1>Hello again</h1>", "<h1>Hello</h1>");
  }

  @Test
  void fromJava() throws IOException {
    var stack = LocalStack.shared();
    var site = Files.createDirectories(folder.resolve("site"));
    try (var api = new Api(URI.create("http://localhost:" + stack.port()))) {
      api.signIn(LocalStack.ADMIN, stack.password());
      api.expect("POST", "/v1/sites", Map.of("name", "from-java"), 201);
      for (var text : List.of("one", "two")) {
        Files.writeString(site.resolve("index.html"), "<h1>" + text + "</h1>");
        DemoSite.publish(api, "from-java", site);
      }
      api.expect("POST", "/v1/sites/from-java/rollback", null, 200);
    }
    assertShowsOne(stack, "from-java");
  }

  @Test
  void fromPython() {
    assumeTrue(Program.isThere("python3"), "python3 is not installed");
    var stack = LocalStack.shared();
    run(stack, "python3", "tour.py", "from-python");
    assertShowsOne(stack, "from-python");
  }

  @Test
  void fromNode() {
    assumeTrue(Program.isThere("node"), "node is not installed");
    var stack = LocalStack.shared();
    run(stack, "node", "tour.mjs", "from-node");
    assertShowsOne(stack, "from-node");
  }

  @Test
  void overHttpsWithTheLocalAuthorityTrusted() {
    assumeTrue(Program.isThere("curl"), "curl is not installed");
    var stack = LocalStack.shared();
    var authority =
        stack.out().lines().filter(line -> line.contains("CA to trust")).findFirst().orElseThrow();
    var page =
        Program.of(
                "curl",
                "-sS",
                "--fail",
                "--retry",
                "5",
                "--retry-all-errors",
                "-i",
                "--cacert",
                authority.replace("CA to trust", "").strip(),
                "https://demo.localhost:" + stack.httpsPort() + "/")
            .run()
            .ok();
    assertThat(page.out()).contains("Portico runs").doesNotContainIgnoringCase("strict-transport");
  }

  private static void run(LocalStack stack, String interpreter, String script, String site) {
    Program.of(
            interpreter,
            CLIENTS.resolve(script).toString(),
            "http://localhost:" + stack.port() + "/v1",
            LocalStack.ADMIN,
            stack.password(),
            site)
        .run()
        .ok();
  }

  private static void assertShowsOne(LocalStack stack, String site) {
    await()
        .untilAsserted(
            () -> assertThat(stack.get(site + ".localhost", "/").body()).contains("<h1>one</h1>"));
  }
}
