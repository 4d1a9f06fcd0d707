package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portico.local.fixture.LocalStack;
import dev.portico.local.fixture.Program;
import dev.portico.standins.cognito.mfa.Totp;
import dev.portico.standins.process.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** `deploy/publish/portico` against a running stack, its failures first. */
@Timeout(900)
class PublishScriptIT {
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
    site = "script" + ++number;
    stack.portico(token, "create", site).run().ok();
  }

  private Program publish(String... more) {
    return portico(prepend(List.of("publish", build.toString(), "--site", site), more));
  }

  private Program portico(String... arguments) {
    return stack.portico(token, arguments);
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

  @Test
  void aBadTokenIsOneLine() {
    assertOneLine(
        stack.portico("pdt_wrong", "publish", build.toString(), "--site", site, "--quiet"), "401");
    assertOneLine(stack.portico("", "sites").with("HOME", folder.toString()), "no token");
  }

  @Test
  void noSuchSiteIsOneLine() {
    assertOneLine(portico("publish", build.toString(), "--site", "nowhere", "--quiet"), "404");
    assertOneLine(portico("publish", build.toString(), "--site", "No/Where"), "not a site's name");
    assertOneLine(portico("publish", build.toString()), "which site");
    assertOneLine(portico("rollback", site), "roll back");
    assertOneLine(portico("activate", site, "aaaaaaaaaaaaaaaaaaaa"), "activate");
    assertOneLine(portico("activate", site), "activate takes SITE and DEPLOYMENT");
    assertOneLine(portico("fly"), "unknown command fly");
    assertOneLine(portico("sites", "--wings"), "unknown option --wings");
  }

  @Test
  void invalidatesPathsAndTagsOnceForAReference() {
    assertOneLine(portico("invalidate", site), "takes paths");
    assertOneLine(portico("invalidate", "/a"), "which site");
    assertOneLine(portico("invalidate", site, "/a*b", "--quiet"), "400", "paths[0]", "end");
    assertOneLine(portico("invalidate", site, "/a", "--wait", "soon"), "needs a number");
    String[] once = {
      "invalidate",
      site,
      "/a",
      "/images/*",
      "--tag",
      "product-7",
      "--tag=product-8",
      "--wait",
      "40",
      "--reference",
      "build \"7\""
    };
    var first = portico(once).run().ok().out();
    assertThat(first).contains("invalidation  ", "status        Completed");
    assertThat(portico(once).run().ok().out()).isEqualTo(first);
    assertOneLine(
        portico("invalidate", site, "/b", "--reference", "build \"7\"", "--quiet"),
        "409",
        "callerReference");
    var shown = portico("invalidate", "/b", "--site", site, "--json").run().ok().out();
    assertThat(shown).contains("\"paths\":[\"/b\"]", "\"tags\":[]");
  }

  @Test
  void whatCannotBeReadOrNamedIsOneLine() throws IOException {
    assertOneLine(
        portico("publish", folder.resolve("x").toString(), "--site", site), "not a folder");
    var empty = Files.createDirectories(folder.resolve("empty"));
    assertOneLine(portico("publish", empty.toString(), "--site", site), "no files");
    var link = Files.createSymbolicLink(build.resolve("lost"), Path.of("nowhere"));
    assertOneLine(publish("--quiet"), "/lost is a link to something that is not there");
    Files.delete(link);
    var odd = Files.createFile(build.resolve("two\nlines"));
    assertOneLine(publish("--quiet"), "control characters", "/two?lines");
    Files.delete(odd);
    var slash = Files.createFile(build.resolve("back\\slash"));
    assertOneLine(publish("--quiet"), "422", "contains a backslash");
    Files.delete(slash);
    var loop = Files.createSymbolicLink(build.resolve("loop"), Path.of("."));
    assertOneLine(publish("--quiet"), "loop");
    Files.delete(loop);
    publish().run().ok();
  }

  /** As compilers write them, so that editors find their way. */
  @Test
  void faultsOfRulesAreALineEach() throws IOException {
    Files.writeString(build.resolve("_redirects"), "# moved\n/a\n/b /c 999\n");
    Files.writeString(build.resolve("_headers"), "/*\n  Content-Length: 3\n");
    var result = publish("--quiet").run();
    assertThat(result.status()).isNotZero();
    assertThat(result.err().lines())
        .hasSize(4)
        .satisfiesExactly(
            line -> assertThat(line).startsWith("_redirects:2: a destination is missing"),
            line -> assertThat(line).startsWith("_redirects:3: the status must be"),
            line -> assertThat(line).startsWith("_headers:2: Content-Length"),
            line -> assertThat(line).startsWith("portico: ").contains("422", "3 faults"));
    Files.writeString(build.resolve("_redirects"), "/a/* /index.html 200\n");
    Files.writeString(build.resolve("_headers"), "/a/*\n  X-Part: :splat\n");
    publish().run().ok();
    await()
        .untilAsserted(
            () -> {
              var shown = stack.get(site + ".localhost", "/a/b/c");
              assertThat(shown.body()).contains("<h1>one of");
              assertThat(shown.headers().firstValue("X-Part")).contains("b/c");
            });
  }

  /** Through both services: what the file says holds where its deployment is live. */
  @Test
  void settingsComeAndGoWithTheFiles() throws IOException {
    var host = site + ".localhost";
    publish().run().ok();
    await().until(() -> stack.get(host, "/deep/path").statusCode() == 404);
    Files.writeString(build.resolve("portico.yml"), "files:\n  notFound: spy\n");
    var result = publish("--quiet").run();
    assertThat(result.status()).isNotZero();
    assertThat(result.err()).startsWith("portico.yml:2:3: files.notFound: must be one of");
    Files.writeString(build.resolve("portico.yml"), "files:\n  notFound: spa\n");
    publish().run().ok();
    await().until(() -> stack.get(host, "/deep/path").statusCode() == 200);
    assertThat(stack.get(host, "/portico.yml").statusCode()).isEqualTo(404);
    portico("rollback", site).run().ok();
    await().until(() -> stack.get(host, "/deep/path").statusCode() == 404);
  }

  @Test
  void anUnreadableFileIsOneLine() throws IOException {
    assumeFalse("root".equals(System.getProperty("user.name")), "only as another user than root");
    var secret = Files.writeString(build.resolve("secret"), "x");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
    assertOneLine(publish("--quiet"), "secret", "Permission denied");
  }

  @Test
  void aServerThatIsNotThereOrGoesAwayIsOneLineAfterTheTries() throws IOException {
    var gone =
        stack
            .portico(token, "publish", build.toString(), "--site", site, "--quiet", "--retry", "1")
            .with("PORTICO_URL", "http://127.0.0.1:" + Ports.free());
    assertOneLine(gone, "gave up after 2 tries");
    // Takes every connection and drops it.
    try (var cutting = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
      var cutter =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      while (true) {
                        cutting.accept().close();
                      }
                    } catch (IOException closed) {
                      // The test is over.
                    }
                  });
      assertThat(cutter.isAlive()).isTrue();
      assertOneLine(
          stack
              .portico(
                  token, "publish", build.toString(), "--site", site, "--quiet", "--retry", "1")
              .with("PORTICO_URL", "http://127.0.0.1:" + cutting.getLocalPort()),
          "publish to " + site);
    }
  }

  /** By itself with curl, tar, sha256sum and the POSIX tools, in each POSIX shell there is. */
  @Test
  void needsNothingButWhatItSays() throws IOException {
    var tools = tools("curl", "tar", "sha256sum");
    for (var shell : List.of("sh", "dash", "busybox", "bash", "mksh", "yash")) {
      if (!Program.isThere(shell)) {
        continue;
      }
      Files.writeString(build.resolve("shell.html"), shell + " of " + site);
      Files.createDirectories(build.resolve("folder"));
      Files.writeString(build.resolve("folder/in it.html"), shell + " in " + site);
      by(shell, tools, "publish", build.toString(), "--site", site).run().ok();
      var into = folder.resolve("by-" + shell);
      by(shell, tools, "cp", "-r", site, into.resolve("all").toString()).run().ok();
      same(build, into.resolve("all"));
      by(shell, tools, "cp", "-r", site + ":/folder", into.resolve("part").toString()).run().ok();
      same(build.resolve("folder"), into.resolve("part"));
      assertThat(by(shell, tools, "ls", site).run().ok().out()).contains("\t/shell.html\n");
      by(shell, tools, "deployments", site).run().ok();
    }
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    String[] publish = {"publish", build.toString(), "--site", site, "--quiet"};
    assertOneLine(by("sh", tools("curl", "tar"), publish), "needs sha256sum or shasum");
    assertOneLine(by("sh", tools("tar", "sha256sum"), publish), "needs curl");
    assertOneLine(
        by(
            "sh",
            tools("curl", "sha256sum"),
            "cp",
            "-r",
            site,
            folder.resolve("into").toString(),
            "--quiet"),
        "needs tar");
  }

  /** A folder with links to these programs and to the tools of POSIX that the script uses. */
  private Path tools(String... programs) throws IOException {
    var tools = Files.createTempDirectory(folder, "tools");
    var posix =
        List.of(
            "awk", "cat", "cp", "cut", "date", "du", "find", "getconf", "grep", "iconv", "mkdir",
            "mv", "od", "printf", "rm", "sed", "sh", "sleep", "sort", "stty", "tail", "tr", "wc",
            "xargs");
    for (var name : Stream.concat(posix.stream(), Stream.of(programs)).toList()) {
      Files.createSymbolicLink(tools.resolve(name), Program.find(name));
    }
    return tools;
  }

  private static Program by(String shell, Path tools, String... arguments) {
    var words = new ArrayList<>(List.of(Program.find(shell).toString()));
    if (shell.equals("busybox")) {
      words.add("sh");
    }
    words.add(LocalStack.publishScript().toString());
    words.addAll(List.of(arguments));
    return Program.of(words.toArray(String[]::new))
        .with("PATH", tools.toString())
        .with("PORTICO_URL", stack.api().toString())
        .with("PORTICO_TOKEN", token);
  }

  private static void same(Path one, Path other) {
    Program.of("diff", "-r", one.toString(), other.toString()).run().ok();
  }

  @Test
  void hardNamesArriveAsTheyAre() throws IOException {
    var names =
        List.of(
            "a b.html",
            "it's.html",
            "q\"uote.html",
            "Ümläut-日本.html",
            "100%.html",
            "a&b?c#d.html",
            "[x]{1,2}.html",
            "-dash.html",
            "folder x/$HOME.html");
    for (var name : names) {
      var file = build.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "<p>" + name);
    }
    publish("--title", "A \"title\" with \\ all", "--revision", "abc").run().ok();
    var listed = portico("ls", site).run().ok().out();
    assertThat(listed.lines()).hasSize(names.size() + 1);
    for (var name : names) {
      assertThat(listed).contains("\t/" + name + "\n");
      var copy = portico("cp", site + ":/" + name, "-").run().ok();
      assertThat(copy.out()).isEqualTo("<p>" + name);
    }
    var all = folder.resolve("all");
    portico("cp", "-r", site, all.toString()).run().ok();
    Program.of("diff", "-r", build.toString(), all.toString()).run().ok();
    var part = folder.resolve("part");
    portico("cp", "-r", site + ":/folder x", part.toString(), "--quiet").run().ok();
    assertThat(part.resolve("$HOME.html")).hasContent("<p>folder x/$HOME.html");
    var deployments = portico("deployments", site, "--json").run().ok().out();
    assertThat(new ObjectMapper().readTree(deployments).path("title").asText())
        .startsWith("A \"title\"")
        .endsWith("with \\ all");
  }

  @Test
  void onlyWhatChangedIsSent() throws IOException {
    for (int i = 0; i < 300; i++) {
      Files.writeString(build.resolve("page" + i + ".html"), "page " + i + " of " + site);
    }
    assertThat(publish().run().ok().err()).contains("sent all 301 files");
    Files.writeString(build.resolve("page7.html"), "changed in " + site);
    var second = publish("--json").run().ok();
    assertThat(second.err()).contains("sent 1 of 301 files");
    var deployment = new ObjectMapper().readTree(second.out());
    assertThat(deployment.path("state").asText()).isEqualTo("sealed");
    assertThat(deployment.path("active").asBoolean()).isTrue();
    await()
        .untilAsserted(
            () ->
                assertThat(stack.get(site + ".localhost", "/page7.html").body())
                    .contains("changed in"));
    assertThat(publish().run().ok().err()).contains("sent 0 of 301 files");
  }

  @Test
  void muchThatIsNewIsSentAsOneArchiveToo() throws IOException {
    publish().run().ok();
    for (int i = 0; i < 300; i++) {
      Files.writeString(build.resolve("page" + i + ".html"), "page " + i + " of " + site);
    }
    assertThat(publish().run().ok().err())
        .contains("most of them are new")
        .contains("sent all 301 files");
    await()
        .untilAsserted(
            () ->
                assertThat(stack.get(site + ".localhost", "/page7.html").body())
                    .contains("of " + site));
  }

  /** A tar that leaves out what it cannot read says so only after all else is sent. */
  @Test
  void anArchiveThatIsNotWholeIsNotShown() throws IOException {
    for (int i = 0; i < 300; i++) {
      Files.writeString(build.resolve("page" + i + ".html"), "page " + i + " of " + site);
    }
    var programs = Files.createDirectories(folder.resolve("programs"));
    var tar = programs.resolve("tar");
    Files.writeString(
        tar,
        """
        #!/bin/sh
        key=$1
        shift 2
        PATH=${PATH#*:} tar "$key" - --exclude=./page7.html "$@"
        exit 2
        """);
    Files.setPosixFilePermissions(tar, PosixFilePermissions.fromString("rwx------"));
    var result = publish().with("PATH", programs + ":" + System.getenv("PATH")).run().ok();
    assertThat(result.err()).contains("(201): sending file by file").contains("of 301 files");
    await()
        .untilAsserted(
            () ->
                assertThat(stack.get(site + ".localhost", "/page7.html").body())
                    .contains("page 7 of"));
    assertThat(portico("deployments", site).run().ok().out().lines())
        .as("the archive's is not shown")
        .filteredOn(line -> line.contains("true"))
        .hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void previewsAliasesActivationAndRollBack() throws IOException {
    var mapper = new ObjectMapper();
    var first = mapper.readTree(publish("--json").run().ok().out()).path("id").asText();
    Files.writeString(build.resolve("index.html"), "two of " + site);
    var result = publish("--json", "--no-activate", "--alias", "next").run().ok();
    var second = mapper.readTree(result.out()).path("id").asText();
    assertShows("one of");
    await()
        .untilAsserted(
            () ->
                assertThat(stack.get("next--" + site + ".localhost", "/").body())
                    .contains("two of"));
    assertThat(stack.get(second + "--" + site + ".localhost", "/").body()).contains("two of");
    var shown = publish("--no-activate", "--alias", "next").run().ok().out();
    assertThat(shown)
        .containsPattern("alias +http://next--" + site + "\\.localhost:[0-9]+/\n")
        .containsPattern("preview +http://" + second + "--" + site + "\\.localhost:");
    portico("activate", site, second).run().ok();
    assertShows("two of");
    portico("rollback", site).run().ok();
    assertShows("one of");
    assertThat(portico("deployments", site).run().ok().out()).contains(first).contains(second);
    assertThat(portico("ls", site + "@" + second).run().ok().out()).contains("/index.html");
    assertThat(portico("sites").run().ok().out()).contains(site + "\t");
  }

  private void assertShows(String text) {
    await()
        .untilAsserted(() -> assertThat(stack.get(site + ".localhost", "/").body()).contains(text));
  }

  @Test
  void signingInIsRememberedAndPrivate() throws IOException {
    var home = Files.createDirectories(folder.resolve("home"));
    stack
        .portico("", "login", "--username", LocalStack.ADMIN)
        .with("HOME", home.toString())
        .with("XDG_CONFIG_HOME", home.toString())
        .with("PORTICO_PASSWORD", stack.password())
        .run()
        .ok();
    var kept = home.resolve("portico/credentials");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
        .isEqualTo("rw-------");
    // A broken access token is renewed by the refresh token, unasked.
    Files.writeString(kept, Files.readString(kept).replaceAll("access=.*", "access=aaa.bbb.ccc"));
    assertThat(
            stack
                .portico("", "sites")
                .with("HOME", home.toString())
                .with("XDG_CONFIG_HOME", home.toString())
                .run()
                .ok()
                .out())
        .contains(site);
    assertOneLine(
        stack
            .portico("", "login", "--username", LocalStack.ADMIN)
            .with("XDG_CONFIG_HOME", home.toString())
            .with("PORTICO_PASSWORD", "wrong-Password-1"),
        "sign in: 401");
  }

  @Test
  void signingInAsksForWhatTheAccountNeeds() throws IOException {
    var home = Files.createDirectories(folder.resolve("home"));
    ask(token, "users", "{'username':'bo@example.com','temporaryPassword':'Temp-Orary-77'}");
    assertThat(login(home, "Temp-Orary-77", "Correct-Horse-7").run().ok().err())
        .contains("needs a new password", "signed in");
    var kept = Files.readString(home.resolve("portico/credentials"));
    var access = kept.replaceAll("(?s).*access=([^\n]*).*", "$1");
    var secret = new ObjectMapper().readTree(ask(access, "mfa/totp", "{}")).get("secret").asText();
    // A code is good once, and so is one of the next thirty seconds.
    long now = System.currentTimeMillis() / 1000;
    ask(access, "mfa/totp/verify", "{'code':'" + Totp.at(secret, now) + "'}");
    assertOneLine(login(home, "Correct-Horse-7", "none"), "sign in: 400", "The code is not valid");
    login(home, "Correct-Horse-7", Totp.at(secret, now + 30)).run().ok();
  }

  private static Program login(Path home, String... typed) {
    return stack
        .portico("", "login", "--username", "bo@example.com")
        .with("HOME", home.toString())
        .with("XDG_CONFIG_HOME", home.toString())
        .typing(typed);
  }

  private static String ask(String accessToken, String path, String json) {
    return Program.of(
            "curl",
            "-sS",
            "--fail-with-body",
            "-H",
            "Content-Type: application/json",
            "-H",
            "Authorization: Bearer " + accessToken,
            "-d",
            json.replace('\'', '"'),
            stack.api() + "/v1/auth/" + path)
        .run()
        .ok()
        .out();
  }

  @Test
  void theApiHandsOutThisFile() {
    var handed = Program.of("curl", "-sSf", stack.api() + "/v1/portico").run().ok().out();
    assertThat(handed).startsWith("#!/bin/sh").contains("portico publish DIR --site SITE");
  }
}
