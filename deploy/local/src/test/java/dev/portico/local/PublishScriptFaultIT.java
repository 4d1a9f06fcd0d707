package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portico.local.fixture.FaultyProxy;
import dev.portico.local.fixture.FaultyProxy.Fault;
import dev.portico.local.fixture.LocalStack;
import dev.portico.local.fixture.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * `deploy/publish/portico` when servers are busy, answers are lost, lines break and disks are full.
 */
@Timeout(600)
class PublishScriptFaultIT {
  private static LocalStack stack;
  private static String token;
  private static int number;

  @TempDir Path folder;
  private Path build;
  private String site;

  @BeforeAll
  static void start() {
    stack = LocalStack.shared();
    token = stack.adminToken();
  }

  @BeforeEach
  void prepare(TestInfo test) throws IOException {
    build = Files.createDirectories(folder.resolve("build"));
    Files.writeString(build.resolve("index.html"), "<h1>one of " + test.getDisplayName() + "</h1>");
    site = "faults" + ++number;
    stack.portico(token, "create", site).run().ok();
  }

  private Program publish() {
    return portico("publish", build.toString(), "--site", site);
  }

  private static Program portico(String... arguments) {
    return stack.portico(token, arguments);
  }

  private static Program through(FaultyProxy proxy, String... arguments) {
    return stack.portico(token, arguments).with("PORTICO_URL", proxy.end().toString());
  }

  private static String[] prepend(List<String> first, String... more) {
    var all = new ArrayList<>(first);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static void assertOneLine(Program program, String... parts) {
    var result = program.run();
    assertThat(result.status()).as(result.err()).isNotZero();
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("portico: ").hasLineCount(1).contains(parts);
  }

  private void assertShows(String text) {
    await()
        .untilAsserted(() -> assertThat(stack.get(site + ".localhost", "/").body()).contains(text));
  }

  /** A proxy's 502 does not say whether the roll-back was done: its repeat must not be another. */
  @Test
  void aRollBackWhoseAnswerIsLostGoesBackOnce() throws IOException {
    publish().run().ok();
    for (var text : List.of("two", "three")) {
      Files.writeString(build.resolve("index.html"), text + " of " + site);
      publish().run().ok();
    }
    try (var proxy = new FaultyProxy(stack.api())) {
      proxy
          .first(1, "POST", "/rollback", Fault.BUSY)
          .first(1, "POST", "/rollback", Fault.UNANSWERED)
          .first(1, "POST", "/rollback", Fault.LOST);
      var result = through(proxy, "rollback", site, "--json").run().ok();
      assertThat(proxy.seen("POST", "/rollback")).isEqualTo(4);
      var shown = new ObjectMapper().readTree(result.out());
      assertThat(shown.path("active").asBoolean()).isTrue();
      assertThat(portico("ls", site + "@" + shown.path("id").asText()).run().ok().out())
          .contains("/index.html");
    }
    assertShows("two of");
    portico("rollback", site).run().ok();
    assertShows("one of");
  }

  /** Another's change between the roll-back and its repeat is not taken for it. */
  @Test
  void aRollBackAfterAnotherChangeIsRefused() throws IOException {
    publish().run().ok();
    Files.writeString(build.resolve("index.html"), "two of " + site);
    publish().run().ok();
    try (var proxy = new FaultyProxy(stack.api())) {
      proxy
          .first(1, "POST", "/rollback", Fault.UNANSWERED)
          .meanwhile(
              "POST", "/rollback", () -> call("PATCH", "/v1/sites/" + site, "{'title':'x'}"));
      assertOneLine(
          through(proxy, "rollback", site, "--quiet"), "its answer was lost", "has changed since");
    }
    assertShows("two of");
  }

  /** Who may not read cannot say which version they mean. */
  @Test
  void aRollBackByATokenThatMayNotReadIsNotRepeated() throws IOException {
    publish().run().ok();
    for (var text : List.of("two", "three")) {
      Files.writeString(build.resolve("index.html"), text + " of " + site);
      publish().run().ok();
    }
    var made =
        call("POST", "/v1/sites/" + site + "/tokens", "{'title':'ci','actions':['activate']}");
    var activating = new ObjectMapper().readTree(made).path("token").asText();
    try (var proxy = new FaultyProxy(stack.api())) {
      proxy.first(1, "POST", "/rollback", Fault.LOST);
      assertOneLine(
          stack
              .portico(activating, "rollback", site, "--quiet")
              .with("PORTICO_URL", proxy.end().toString()),
          "502");
      assertThat(proxy.seen("POST", "/rollback")).isEqualTo(1);
    }
    assertShows("two of");
    stack.portico(activating, "rollback", site).run().ok();
    assertShows("one of");
  }

  private static String call(String method, String path, String json) {
    return Program.of(
            "curl",
            "-sS",
            "--fail-with-body",
            "-X",
            method,
            "-H",
            "If-Match: *",
            "-H",
            "Content-Type: application/json",
            "-H",
            "Authorization: Bearer " + token,
            "-d",
            json.replace('\'', '"'),
            stack.api() + path)
        .run()
        .ok()
        .out();
  }

  /** Each step of a publication meets a server that is busy, or a line that breaks. */
  @Test
  void aPublicationGoesOnAfterFaults() throws IOException {
    for (int i = 0; i < 20; i++) {
      Files.writeString(build.resolve("page" + i + ".html"), "page " + i + " of " + site);
    }
    var blobs = "/blobs/";
    try (var proxy = new FaultyProxy(stack.api())) {
      proxy
          .first(1, "POST", "/deployments", Fault.BUSY)
          .first(1, "PUT", blobs, Fault.BUSY)
          .first(1, "PUT", blobs, Fault.UNANSWERED)
          .first(1, "PUT", blobs, Fault.LOST)
          .first(1, "POST", "/seal", Fault.UNANSWERED)
          .first(1, "POST", "/seal", Fault.LOST);
      var result = through(proxy, "publish", build.toString(), "--site", site).run().ok();
      assertThat(result.err())
          .contains("publish to " + site + ": 503, trying again in 1 s")
          .contains("of 21 files to go", "sent 21 of 21 files");
      assertThat(proxy.seen("PUT", blobs)).isEqualTo(24);
      assertThat(proxy.seen("POST", "/seal")).isEqualTo(3);
    }
    assertShows("one of");

    Files.writeString(build.resolve("index.html"), "two of " + site);
    try (var proxy = new FaultyProxy(stack.api())) {
      proxy.first(Integer.MAX_VALUE, "PUT", blobs, Fault.UNANSWERED);
      assertOneLine(
          through(proxy, "publish", build.toString(), "--site", site, "--quiet", "--retry", "1"),
          "upload of /index.html");
    }
    assertShows("one of");
  }

  private void publishLarge() throws IOException {
    Files.createDirectories(build.resolve("a/b"));
    Files.createFile(build.resolve("a/empty.txt"));
    for (int i = 0; i < 12; i++) {
      Files.writeString(build.resolve("a/b/large" + i + ".txt"), ("line " + i + "\n").repeat(9000));
    }
    publish().run().ok();
  }

  /** Of a download that breaks off after its 200, nobody may see half. */
  @Test
  void aDownloadThatIsCutIsRepeated() throws IOException {
    publishLarge();
    try (var proxy = new FaultyProxy(stack.api())) {
      proxy
          .first(3, "GET", "/files/a/b/large", Fault.CUT)
          .first(1, "GET", "/files/a/b/large", Fault.BUSY)
          .first(1, "GET", "/files/a/b/large", Fault.UNANSWERED)
          .first(1, "GET", "/archive", Fault.CUT)
          .first(1, "GET", "/archive", Fault.BUSY);
      var copy = folder.resolve("part");
      var part = Files.createDirectories(copy.resolve("b"));
      Files.writeString(part.resolve("large1.txt"), "of yesterday");
      Files.writeString(part.resolve("kept.txt"), "kept");
      through(proxy, "cp", "-r", site + ":/a", copy.toString()).run().ok();
      assertThat(proxy.seen("GET", "/files/a/b/large")).isGreaterThanOrEqualTo(17);
      assertThat(part.resolve("kept.txt")).hasContent("kept");
      Files.delete(part.resolve("kept.txt"));
      same(build.resolve("a"), copy);

      var all = folder.resolve("all");
      through(proxy, "cp", "-r", site, all.toString()).run().ok();
      assertThat(proxy.seen("GET", "/archive")).isEqualTo(3);
      same(build, all);

      proxy.first(1, "GET", "/files/a/b/large7", Fault.CUT);
      var one = folder.resolve("one.txt");
      through(proxy, "cp", site + ":/a/b/large7.txt", one.toString()).run().ok();
      assertThat(one).hasSameTextualContentAs(build.resolve("a/b/large7.txt"));
    }
  }

  @Test
  void aDownloadThatIsAlwaysCutLeavesNothing() throws IOException {
    publishLarge();
    try (var proxy = new FaultyProxy(stack.api())) {
      proxy
          .first(Integer.MAX_VALUE, "GET", "/files/a/b/large7", Fault.CUT)
          .first(Integer.MAX_VALUE, "GET", "/archive", Fault.CUT);
      var into = Files.createDirectories(folder.resolve("into"));
      var old = Files.writeString(into.resolve("index.html"), "of yesterday");
      String[] few = {"--quiet", "--retry", "1"};
      assertOneLine(
          through(proxy, prepend(List.of("cp", "-r", site + ":/a", into.toString()), few)),
          "1 files could not be downloaded");
      assertOneLine(
          through(proxy, prepend(List.of("cp", "-r", site, into.toString()), few)),
          "download of " + site,
          "gave up after 2 tries");
      var one = into.resolve("one.txt").toString();
      assertOneLine(
          through(proxy, prepend(List.of("cp", site + ":/a/b/large7.txt", one), few)),
          "gave up after 2 tries");
      assertThat(into).isDirectoryNotContaining(file -> !file.equals(old));
      assertThat(old).hasContent("of yesterday");
    }
  }

  /** As on a full disk: files cannot grow beyond a few kilobytes. */
  @Test
  void aDownloadThatCannotBeWrittenLeavesNothing() throws IOException {
    publishLarge();
    var into = Files.createDirectories(folder.resolve("into"));
    for (var from : List.of(site, site + ":/a")) {
      var result =
          Program.of(
                  "sh",
                  "-c",
                  "trap '' XFSZ; ulimit -f 64; exec \"$@\"",
                  "sh",
                  LocalStack.publishScript().toString(),
                  "cp",
                  "-r",
                  from,
                  into.toString(),
                  "--quiet",
                  "--retry",
                  "0")
              .with("PORTICO_URL", stack.api().toString())
              .with("PORTICO_TOKEN", token)
              .run();
      assertThat(result.status()).as(from).isEqualTo(1);
      assertThat(result.err()).startsWith("portico: ").hasLineCount(1);
      assertThat(into).isEmptyDirectory();
    }
  }

  /** The session is renewed midway; folders are made, and errors are no files, after that too. */
  @Test
  void aDownloadGoesOnWhenTheTokenExpires() throws IOException {
    publishLarge();
    var home = Files.createDirectories(folder.resolve("home")).toString();
    try (var proxy = new FaultyProxy(stack.api())) {
      String url = proxy.end().toString();
      stack
          .portico("", "login", "--username", LocalStack.ADMIN)
          .with("PORTICO_URL", url)
          .with("XDG_CONFIG_HOME", home)
          .with("PORTICO_PASSWORD", stack.password())
          .run()
          .ok();
      proxy
          .first(13, "GET", "/files/a/", Fault.EXPIRED)
          .first(1, "GET", "/files/a/b/large3", Fault.BUSY);
      var part = folder.resolve("part");
      stack
          .portico("", "cp", "-r", site + ":/a", part.toString())
          .with("PORTICO_URL", url)
          .with("XDG_CONFIG_HOME", home)
          .run()
          .ok();
      assertThat(proxy.seen("POST", "/v1/auth/refresh")).isEqualTo(1);
      same(build.resolve("a"), part);
    }
  }

  @Test
  void aListThatLeavesTheFolderIsRefused() throws IOException {
    publish().run().ok();
    for (var path : List.of("/a/../../evil.txt", "/a/..")) {
      try (var proxy = new FaultyProxy(stack.api())) {
        proxy.instead(
            "GET",
            "/files?prefix",
            "{\"items\":[{\"path\":\"" + path + "\",\"size\":1}],\"next\":null}");
        var into = folder.resolve("into/in");
        assertOneLine(
            through(proxy, "cp", "-r", site + ":/a", into.toString(), "--quiet"), "path with ..");
        assertThat(into).isEmptyDirectory();
        assertThat(proxy.seen("GET", "/files/")).isZero();
      }
    }
  }

  private static void same(Path one, Path other) {
    Program.of("diff", "-r", one.toString(), other.toString()).run().ok();
  }
}
