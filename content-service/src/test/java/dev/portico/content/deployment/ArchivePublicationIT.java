package dev.portico.content.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Publishing archives over real sockets: what is stored, what comes back, and what harm cannot be
 * done.
 */
class ArchivePublicationIT {
  private static ContentServer server;
  private static Publisher publisher;
  private String site;

  @BeforeAll
  static void start() {
    server = ContentServer.start(Map.of());
    publisher = new Publisher(server, server.person("publishers"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void createSite() {
    site = publisher.newSite();
  }

  /** Far more than sockets hold: when so much is gone, the publication has long begun. */
  private static final int BEGUN = 30 << 20;

  /** The files and another, so large that the archive can be sent in two parts. */
  private static byte[] largeTar(TestSite files) {
    byte[] filling = new byte[BEGUN + (2 << 20)];
    new Random(7).nextBytes(filling);
    Map<String, byte[]> more = new TreeMap<>(files.files());
    more.put("/0-filling.bin", filling);
    return new TestSite(more).tar();
  }

  /** Begins to send an archive; {@code pipe} takes what follows after {@link #BEGUN} bytes. */
  private static Future<Answer> begin(
      ExecutorService executor, Publisher by, String path, byte[] tar, PipedOutputStream pipe)
      throws IOException {
    var in = new PipedInputStream(pipe, 1 << 16);
    Future<Answer> answer =
        executor.submit(() -> by.put(path, BodyPublishers.ofInputStream(() -> in)));
    pipe.write(tar, 0, BEGUN);
    return answer;
  }

  private static Answer finish(Future<Answer> answer, byte[] tar, PipedOutputStream pipe)
      throws Exception {
    pipe.write(tar, BEGUN, tar.length - BEGUN);
    pipe.close();
    return answer.get();
  }

  /** What the live deployment holds is not looked up, so it must still be there at the end. */
  @Test
  void isNotSealedAgainstADeploymentDeletedMeanwhile() throws Exception {
    TestSite files = TestSite.of("/index.html", "one " + site, "/a.css", "css " + site);
    Answer live = publisher.publishArchive(site, files.tar(), "");
    assertThat(live.status()).as(live.text()).isEqualTo(201);
    byte[] tar = largeTar(files.with("/index.html", "two " + site));
    String path = "/v1/sites/" + site + "/deployments";
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        PipedOutputStream pipe = new PipedOutputStream()) {
      Future<Answer> slow = begin(executor, publisher, path, tar, pipe);
      TestSite other = TestSite.of("/index.html", "other " + site);
      assertThat(publisher.publishArchive(site, other.tar(), "").status()).isEqualTo(201);
      String id = live.json().path("id").asText();
      assertThat(publisher.delete(path + "/" + id).status()).isEqualTo(204);
      Answer refused = finish(slow, tar, pipe);
      assertThat(refused.status()).as(refused.text()).isEqualTo(503);
      assertThat(refused.header("Retry-After")).isNotEmpty();
    }
    Answer again = publisher.publishArchive(site, tar, "");
    assertThat(again.status()).as(again.text()).isEqualTo(201);
    assertThat(publisher.download(again.header("Location") + "/files/a.css"))
        .isEqualTo(files.bytes("/a.css"));
  }

  @Test
  void aCopyPublishesNoMoreArchivesAtATimeThanItMay() throws Exception {
    String path = "/v1/sites/" + site + "/deployments";
    byte[] tar = largeTar(TestSite.of("/index.html", "first " + site));
    byte[] other = TestSite.of("/index.html", "second " + site).tar();
    try (ContentServer narrow = server.copy(Map.of("portico.deployment.max-publications", 1));
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        PipedOutputStream pipe = new PipedOutputStream()) {
      Publisher busy = new Publisher(narrow, publisher.token());
      Future<Answer> first = begin(executor, busy, path, tar, pipe);
      Answer refused = busy.publishArchive(site, other, "");
      assertThat(refused.status()).as(refused.text()).isEqualTo(503);
      assertThat(refused.problem()).isEqualTo("too-many-publications");
      assertThat(refused.header("Retry-After")).isNotEmpty();
      assertThat(finish(first, tar, pipe).status()).isEqualTo(201);
      assertThat(busy.publishArchive(site, other, "").status()).isEqualTo(201);
    }
  }

  @Test
  void publishesActivatesAndGivesBackTheSameFiles() throws IOException {
    TestSite files =
        TestSite.random(7, 60, 5000)
            .with("/a b/ü/日本.txt", "names")
            .with("/" + "long/".repeat(40) + "name.txt", "long")
            .with("/empty.txt", "");
    Answer published =
        publisher.publishArchive(site, gzip(files.tar()), "?title=first&revision=abc123");
    assertThat(published.status()).as(published.text()).isEqualTo(201);
    JsonNode deployment = published.json();
    assertThat(deployment.path("state").asText()).isEqualTo("sealed");
    assertThat(deployment.path("active").asBoolean()).isTrue();
    assertThat(deployment.path("title").asText()).isEqualTo("first");
    assertThat(deployment.path("revision").asText()).isEqualTo("abc123");
    assertThat(deployment.path("files").asInt()).isEqualTo(files.files().size());
    assertThat(deployment.path("newBlobs").asInt()).isPositive();
    String id = deployment.path("id").asText();
    String base = "/v1/sites/" + site + "/deployments/" + id;

    assertThat(untar(publisher.download(base + "/archive"))).isEqualTo(texts(files));

    List<String> paths = new ArrayList<>();
    String query = "?limit=7";
    while (true) {
      JsonNode page = publisher.get(base + "/files" + query).json();
      page.path("items").forEach(file -> paths.add(file.path("path").asText()));
      if (page.path("next").isNull()) {
        break;
      }
      query = "?limit=7&cursor=" + page.path("next").asText();
    }
    assertThat(paths)
        .containsExactlyInAnyOrderElementsOf(files.files().keySet())
        .doesNotHaveDuplicates();
    assertThat(
            publisher
                .get(base + "/files?prefix=/dir3/")
                .json()
                .path("items")
                .findValuesAsText("path"))
        .isNotEmpty()
        .allMatch(path -> path.startsWith("/dir3/"));

    assertThat(publisher.download(base + "/files/a%20b/%C3%BC/%E6%97%A5%E6%9C%AC.txt"))
        .asString()
        .isEqualTo("names");
    Answer missing = publisher.get(base + "/files/nothing.html");
    assertThat(missing.status()).isEqualTo(404);
  }

  @Test
  void givesRangesAndRevalidates() {
    TestSite files = TestSite.of("/digits.txt", "0123456789", "/index.html", site);
    String id = publisher.publishArchive(site, files.tar(), "").json().path("id").asText();
    String path = "/v1/sites/" + site + "/deployments/" + id + "/files/digits.txt";
    Answer whole = publisher.get(path);
    assertThat(whole.text()).isEqualTo("0123456789");
    assertThat(whole.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(whole.header("Content-Length")).isEqualTo("10");
    assertThat(whole.header("Content-Disposition")).isEqualTo("attachment");
    assertThat(whole.header("Content-Security-Policy")).isEqualTo("sandbox");
    for (String[] expected :
        new String[][] {
          {"bytes=2-4", "234", "2-4"},
          {"bytes=7-", "789", "7-9"},
          {"bytes=-3", "789", "7-9"},
          {"bytes=5-99", "56789", "5-9"}
        }) {
      Answer part = publisher.get(path, "Range", expected[0]);
      assertThat(part.status()).as(expected[0]).isEqualTo(206);
      assertThat(part.text()).isEqualTo(expected[1]);
      assertThat(part.header("Content-Range")).isEqualTo("bytes " + expected[2] + "/10");
    }
    assertThat(publisher.get(path, "Range", "bytes=10-").status()).isEqualTo(416);
    assertThat(publisher.get(path, "Range", "bytes=4-2").status()).isEqualTo(200);
    assertThat(publisher.get(path, "If-None-Match", whole.header("ETag")).status()).isEqualTo(304);
  }

  @Test
  void storesUnchangedFilesOnce() {
    TestSite files = TestSite.random(System.nanoTime(), 300, 2000);
    Answer first = publisher.publishArchive(site, files.tar(), "");
    assertThat(first.json().path("newBlobs").asInt()).isEqualTo(files.blobs().size());
    Answer repeated = publisher.publishArchive(site, files.tar(), "");
    assertThat(repeated.status()).isEqualTo(200);
    assertThat(repeated.json().path("id")).isEqualTo(first.json().path("id"));
    assertThat(repeated.json().path("createdAt")).isEqualTo(first.json().path("createdAt"));

    Answer changed =
        publisher.publishArchive(site, files.with("/index.html", "changed " + site).tar(), "");
    assertThat(changed.json().path("newBlobs").asInt()).isEqualTo(1);
    assertThat(changed.json().path("id")).isNotEqualTo(first.json().path("id"));

    String other = publisher.newSite();
    Answer elsewhere = publisher.publishArchive(other, files.tar(), "");
    assertThat(elsewhere.status()).isEqualTo(201);
    assertThat(elsewhere.json().path("newBlobs").asInt()).isZero();

    Answer byDigests = publisher.begin(site, files);
    assertThat(byDigests.json().path("state").asText()).isEqualTo("sealed");
  }

  @Test
  void hostileArchivesLeaveTheLiveSiteUntouched() throws IOException {
    TestSite live = TestSite.of("/index.html", "live " + site);
    String id = publisher.publishArchive(site, live.tar(), "").json().path("id").asText();
    byte[] good = TestSite.random(3, 20, 3000).tar();
    Map<String, byte[]> hostile = new TreeMap<>();
    hostile.put("absolute", tar("/etc/passwd"));
    hostile.put("dots", tar("ok.txt", "../../x"));
    hostile.put("duplicate", tar("a.txt", "a.txt"));
    hostile.put("unicode", tar("é.txt", "e\u0301.txt"));
    hostile.put("control", tar("a\u0001b"));
    hostile.put("empty", tar());
    hostile.put("truncated", Arrays.copyOf(good, good.length / 2));
    hostile.put("nothing", new byte[0]);
    hostile.put("noise", noise(4000));
    hostile.put("gzip-truncated", Arrays.copyOf(gzip(good), 3000));
    hostile.forEach(
        (name, archive) -> {
          Answer refused = publisher.publishArchive(site, archive, "");
          assertThat(refused.status()).as("%s: %s", name, refused.text()).isIn(400, 413, 422);
          assertThat(refused.json().path("detail").asText()).as(name).isNotBlank();
        });
    assertThat(publisher.get("/v1/sites/" + site).json().path("deployment").asText()).isEqualTo(id);
    assertThat(publisher.get("/v1/sites/" + site + "/deployments").json().path("items")).hasSize(1);
  }

  @Test
  void anUploadThatIsCutOffChangesNothingAndCanBeRepeated() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String before =
        publisher
            .publishArchive(site, TestSite.of("/index.html", site).tar(), "")
            .json()
            .path("id")
            .asText();
    TestSite files = TestSite.random(seed, 400, 20_000);
    byte[] archive = gzip(files.tar());
    for (int i = 0; i < 8; i++) {
      int cut = random.nextInt(archive.length);
      sendAndCut(archive, cut);
      assertThat(publisher.get("/v1/sites/" + site).json().path("deployment").asText())
          .as("seed %s, cut after %s of %s bytes", seed, cut, archive.length)
          .isEqualTo(before);
    }
    Answer published = publisher.publishArchive(site, archive, "");
    assertThat(published.status()).as("seed %s: %s", seed, published.text()).isEqualTo(201);
    assertThat(
            untar(
                publisher.download(
                    "/v1/sites/"
                        + site
                        + "/deployments/"
                        + published.json().path("id").asText()
                        + "/archive")))
        .isEqualTo(texts(files));
  }

  @Test
  void concurrentPublicationsOfTheSameFilesAreOneDeployment() throws Exception {
    TestSite files = TestSite.random(System.nanoTime(), 150, 4000);
    byte[] archive = files.tar();
    List<Callable<Answer>> calls = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      boolean byDigests = i % 3 == 2;
      calls.add(
          () ->
              byDigests
                  ? publisher.publishByDigests(site, files, "?activate=true")
                  : publisher.publishArchive(site, archive, ""));
    }
    List<Answer> answers = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Answer> future : executor.invokeAll(calls)) {
        answers.add(future.get());
      }
    }
    assertThat(answers)
        .allSatisfy(answer -> assertThat(answer.status()).as(answer.text()).isIn(200, 201));
    assertThat(answers)
        .extracting(answer -> answer.json().path("id").asText())
        .containsOnly(answers.getFirst().json().path("id").asText());
    String id = answers.getFirst().json().path("id").asText();
    assertThat(publisher.get("/v1/sites/" + site).json().path("deployment").asText()).isEqualTo(id);
    assertThat(untar(publisher.download("/v1/sites/" + site + "/deployments/" + id + "/archive")))
        .isEqualTo(texts(files));
  }

  @Test
  void gatewaysGetTheManifest() {
    TestSite files = TestSite.of("/index.html", "m " + site);
    Answer begun = publisher.begin(site, files);
    String id = begun.json().path("id").asText();
    URI uri = server.at("internal", "/internal/sites/" + site + "/deployments/" + id + "/manifest");
    assertThat(ContentServer.send("GET", uri, ContentServer.SECRET, null).status()).isEqualTo(404);
    publisher.sendMissing(site, files, begun);
    publisher.seal(site, id, "");
    Answer manifest = ContentServer.send("GET", uri, ContentServer.SECRET, null);
    assertThat(manifest.status()).isEqualTo(200);
    assertThat(manifest.json().path("deployment").asText()).isEqualTo(id);
    assertThat(manifest.json().path("files").get(0).path("type").asText())
        .isEqualTo("text/html; charset=utf-8");
    assertThat(
            ContentServer.send(
                    "GET",
                    uri,
                    ContentServer.SECRET,
                    null,
                    "If-None-Match",
                    manifest.header("ETag"))
                .status())
        .isEqualTo(304);
    assertThat(ContentServer.send("GET", uri, "wrong", null).status()).isEqualTo(401);
    assertThat(publisher.delete("/v1/sites/" + site + "/deployments/" + id).status())
        .isEqualTo(204);
    assertThat(ContentServer.send("GET", uri, ContentServer.SECRET, null).status()).isEqualTo(410);
  }

  /** Sends a request of a chunked body and drops the connection in the middle of it. */
  private void sendAndCut(byte[] archive, int cut) throws IOException {
    URI api = server.api("/v1/sites/" + site + "/deployments");
    try (Socket socket = new Socket(api.getHost(), api.getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("PUT "
                  + api.getPath()
                  + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                  + publisher.token()
                  + "\r\nContent-Length: "
                  + archive.length
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.write(archive, 0, cut);
      out.flush();
    } catch (java.net.SocketException e) {
      // The service may have refused already; that is no success either.
    }
  }

  private static byte[] tar(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var tar =
        new org.apache.commons.compress.archivers.tar.TarArchiveOutputStream(bytes, "UTF-8")) {
      for (String name : names) {
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(1);
        tar.putArchiveEntry(entry);
        tar.write('x');
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    }
    return packed.toByteArray();
  }

  private static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new Random(1).nextBytes(noise);
    return noise;
  }

  private static Map<String, String> untar(byte[] archive) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ByteArrayInputStream(archive), "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        digests.put("/" + entry.getName(), TestSite.sha256(tar.readAllBytes()));
      }
    }
    return digests;
  }

  private static Map<String, String> texts(TestSite files) {
    Map<String, String> digests = new TreeMap<>();
    files.files().forEach((path, content) -> digests.put(path, TestSite.sha256(content)));
    return digests;
  }
}
