package dev.portico.content.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Publishing archives over real sockets: what is stored and what comes back. */
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

  @Test
  void publishesActivatesAndGivesBackTheSameFiles() throws IOException {
    TestSite files =
        TestSite.random(7, 60, 5000)
            .with("/a b/ü/日本.txt", "names")
            .with("/" + "long/".repeat(40) + "name.txt", "long")
            .with("/empty.txt", "");
    Answer published =
        publisher.publishArchive(site, Archives.gzip(files.tar()), "?title=first&revision=abc123");
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

    assertThat(Archives.untar(publisher.download(base + "/archive")))
        .isEqualTo(Archives.texts(files));

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
  void aDeploymentKeepsItsFirstTitleAndTheAuditLogHasTheOthers() {
    String site = publisher.newSite();
    TestSite files = TestSite.of("/index.html", "titles " + site);
    publisher.publishArchive(site, files.tar(), "?title=first&revision=r1");
    Answer again = publisher.publishArchive(site, files.tar(), "?title=second&revision=r2");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().path("title").asText()).isEqualTo("first");
    String manifest = files.manifest().replace("a title", "third").replace("r1", "r3");
    publisher.call("POST", "/v1/sites/" + site + "/deployments", manifest);
    publisher.publishArchive(site, files.tar(), "?title=first");
    publisher.publishArchive(site, files.tar(), "");
    List<String> said = new ArrayList<>();
    for (JsonNode entry : publisher.get("/v1/sites/" + site + "/audit").json().path("items")) {
      if (entry.path("action").asText().equals("deployment.publish")) {
        said.add(
            entry.at("/details/title").asText() + ' ' + entry.at("/details/revision").asText());
        assertThat(entry.at("/details/deployment")).isEqualTo(again.json().path("id"));
      }
    }
    assertThat(said).containsExactly("third r3", "second r2", "first r1");
  }

  @ParameterizedTest
  @CsvSource({
    "activate=maybe,activate",
    "activate=no,activate",
    "activate=1,activate",
    "activate=TRUE,activate",
    "activate=,activate",
    "activate=true&activate=false,activate",
    "aktivate=false,aktivate",
  })
  void parametersThatAreNotUnderstoodPublishNothing(String query, String field) {
    String site = publisher.newSite();
    byte[] tar = TestSite.of("/index.html", "parameters " + site).tar();
    Answer refused = publisher.publishArchive(site, tar, "?" + query);
    assertThat(refused.status()).as(refused.text()).isEqualTo(400);
    assertThat(refused.problem()).isEqualTo("validation");
    assertThat(refused.json().at("/errors/0/field").asText()).isEqualTo(field);
    assertThat(publisher.get("/v1/sites/" + site + "/deployments").json().path("items")).isEmpty();
  }

  /** RFC 3986: it stands for a space in the queries of forms, and nowhere else. */
  @Test
  void aPlusInAPathIsOne() {
    String site = publisher.newSite();
    TestSite files = TestSite.of("/c++/a+b.txt", "plus", "/c++/a b.txt", "space");
    String id = publisher.publishArchive(site, files.tar(), "").json().path("id").asText();
    String folder = "/v1/sites/" + site + "/deployments/" + id + "/files/c++/";
    assertThat(publisher.download(folder + "a+b.txt")).asString().isEqualTo("plus");
    assertThat(publisher.download(folder + "a%2Bb.txt")).asString().isEqualTo("plus");
    assertThat(publisher.download(folder + "a%20b.txt")).asString().isEqualTo("space");
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
    assertThat(
            Archives.untar(
                publisher.download("/v1/sites/" + site + "/deployments/" + id + "/archive")))
        .isEqualTo(Archives.texts(files));
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
}
