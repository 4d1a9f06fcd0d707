package dev.portico.content.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Publishing archives over real sockets: what harm cannot be done. */
class ArchiveFailureIT {
  /** Far more than sockets hold: when so much is gone, the publication has long begun. */
  private static final int BEGUN = 30 << 20;

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
    hostile.put("gzip-truncated", Arrays.copyOf(Archives.gzip(good), 3000));
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
    byte[] archive = Archives.gzip(files.tar());
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
            Archives.untar(
                publisher.download(
                    "/v1/sites/"
                        + site
                        + "/deployments/"
                        + published.json().path("id").asText()
                        + "/archive")))
        .isEqualTo(Archives.texts(files));
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
    try (var tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
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

  private static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new Random(1).nextBytes(noise);
    return noise;
  }
}
