package dev.portico.content.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import dev.portico.content.s3.Bucket;
import dev.portico.content.s3.ObjectFacts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Publishing by digests, activating and reading back, over real sockets. */
class DigestPublicationIT {
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
  void publishesOnlyWhatIsMissing() {
    TestSite files =
        TestSite.of(
            "/index.html", "one " + site, "/a.css", "css " + site, "/dup.css", "css " + site);
    Answer begun = publisher.begin(site, files);
    assertThat(begun.status()).as(begun.text()).isEqualTo(201);
    assertThat(begun.json().path("state").asText()).isEqualTo("uploading");
    assertThat(begun.json().path("missing")).hasSize(2);
    String id = begun.json().path("id").asText();

    Answer early = publisher.seal(site, id, "");
    assertThat(early.status()).isEqualTo(409);
    assertThat(early.problem()).isEqualTo("blobs-missing");
    assertThat(early.json().path("errors")).hasSize(2);

    publisher.sendMissing(site, files, begun);
    Answer again = publisher.begin(site, files);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().path("missing")).isEmpty();

    Answer sealed = publisher.seal(site, id, "?activate=true");
    assertThat(sealed.status()).as(sealed.text()).isEqualTo(200);
    JsonNode deployment = sealed.json();
    assertThat(deployment.path("state").asText()).isEqualTo("sealed");
    assertThat(deployment.path("active").asBoolean()).isTrue();
    assertThat(deployment.path("files").asInt()).isEqualTo(3);
    assertThat(deployment.path("newBlobs").asInt()).isEqualTo(2);
    assertThat(deployment.path("url").asText()).isEqualTo("http://" + site + ".localhost:8080/");
    assertThat(deployment.path("previewUrl").asText())
        .isEqualTo("http://" + id + "--" + site + ".localhost:8080/");
    assertThat(publisher.get("/v1/sites/" + site).json().path("deployment").asText()).isEqualTo(id);

    TestSite changed = files.with("/a.css", "other " + site);
    Answer next = publisher.begin(site, changed);
    assertThat(next.json().path("missing")).hasSize(1);
    publisher.sendMissing(site, changed, next);
    Answer second = publisher.seal(site, next.json().path("id").asText(), "");
    assertThat(second.json().path("newBlobs").asInt()).isEqualTo(1);
    assertThat(second.json().path("active").asBoolean()).isFalse();

    Answer repeated = publisher.begin(site, files);
    assertThat(repeated.status()).isEqualTo(200);
    assertThat(repeated.json().path("state").asText()).isEqualTo("sealed");
    assertThat(repeated.json().path("id").asText()).isEqualTo(id);
  }

  @Test
  void refusesBytesThatAreNotThoseOfTheDigest() {
    TestSite files = TestSite.of("/index.html", "right " + site);
    Answer begun = publisher.begin(site, files);
    String id = begun.json().path("id").asText();
    String digest = begun.json().path("missing").get(0).asText();
    byte[] wrong = ("wrong " + site).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Answer refused = publisher.sendBlob(site, id, digest, wrong);
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    Answer shorter = publisher.sendBlob(site, id, digest, new byte[1]);
    assertThat(shorter.status()).as(shorter.text()).isEqualTo(400);
    Answer foreign = publisher.sendBlob(site, id, "0".repeat(64), new byte[1]);
    assertThat(foreign.status()).as(foreign.text()).isEqualTo(404);
    assertThat(publisher.seal(site, id, "").status()).isEqualTo(409);
    assertThat(publisher.sendBlob(site, id, digest, files.bytes("/index.html")).status())
        .isEqualTo(201);
    assertThat(publisher.sendBlob(site, id, digest, files.bytes("/index.html")).status())
        .isEqualTo(204);
    assertThat(publisher.seal(site, id, "").status()).isEqualTo(200);
  }

  @Test
  void aWrongSizeOfWhatTheLiveDeploymentHoldsIsRefused() {
    TestSite files = TestSite.of("/index.html", "held " + site, "/a.css", "css " + site);
    assertThat(publisher.publishByDigests(site, files, "?activate=true").status()).isEqualTo(200);
    int size = files.bytes("/a.css").length;
    String wrong = files.manifest().replace("\"size\":" + size, "\"size\":" + (size + 1));
    Answer refused = publisher.call("POST", "/v1/sites/" + site + "/deployments", wrong);
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.problem()).isEqualTo("wrong-size");
  }

  @Test
  void anUploadIsCalledAsItWasCalledLast() {
    TestSite files = TestSite.of("/index.html", "called " + site);
    Answer begun = publisher.begin(site, files);
    String manifest = files.manifest().replace("a title", "second");
    publisher.call("POST", "/v1/sites/" + site + "/deployments", manifest);
    publisher.sendMissing(site, files, begun);
    Answer sealed = publisher.seal(site, begun.json().path("id").asText(), "");
    assertThat(sealed.json().path("title").asText()).isEqualTo("second");
  }

  @Test
  void everyWrongSizeIsToldAtItsPlace() {
    TestSite files =
        TestSite.of("/z", "z " + site, "/index.html", "held " + site, "/a", "a " + site);
    assertThat(publisher.publishByDigests(site, files, "").status()).isEqualTo(200);
    String wrong = files.manifest().replace("\"size\":", "\"size\":1");
    Answer refused = publisher.call("POST", "/v1/sites/" + site + "/deployments", wrong);
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.json().path("errors").findValuesAsText("field"))
        .containsExactlyInAnyOrder("files[0].size", "files[1].size", "files[2].size");
  }

  @Test
  void whatTheDeletedBaselineHeldIsLookedUpAgain() {
    TestSite first = TestSite.of("/index.html", "first " + site, "/a.css", "css " + site);
    Answer live = publisher.publishByDigests(site, first, "?activate=true");
    TestSite second = first.with("/index.html", "second " + site);
    Answer begun = publisher.begin(site, second);
    assertThat(begun.json().path("missing")).hasSize(1);
    publisher.publishByDigests(site, TestSite.of("/index.html", "other " + site), "?activate=true");
    String id = live.json().path("id").asText();
    assertThat(publisher.delete("/v1/sites/" + site + "/deployments/" + id).status())
        .isEqualTo(204);
    publisher.sendMissing(site, second, begun);
    Answer sealed = publisher.seal(site, begun.json().path("id").asText(), "?activate=true");
    assertThat(sealed.status()).as(sealed.text()).isEqualTo(200);
  }

  @Test
  void aSiteWhoseLiveManifestIsLostCanBePublishedAnew() {
    TestSite files = TestSite.of("/index.html", "lost " + site, "/a.css", "css " + site);
    byte[] before = files.tar();
    assertThat(publisher.publishArchive(site, before, "").status()).isEqualTo(201);
    Bucket bucket = server.bean(Bucket.class);
    List<String> manifests =
        bucket.list("manifests/" + site + "/", null).objects().stream()
            .map(ObjectFacts::key)
            .toList();
    assertThat(manifests).hasSize(1);
    bucket.delete(manifests);
    TestSite changed = files.with("/index.html", "new " + site);
    assertThat(publisher.begin(site, changed).json().path("missing")).hasSize(1);
    Answer published = publisher.publishArchive(site, changed.tar(), "");
    assertThat(published.status()).as(published.text()).isEqualTo(201);
  }

  @Test
  void aHeadOfAStreamLeavesNothingOpen() {
    Answer sealed =
        publisher.publishByDigests(site, TestSite.of("/index.html", "head " + site), "");
    String file =
        "/v1/sites/"
            + site
            + "/deployments/"
            + sealed.json().path("id").asText()
            + "/files/index.html";
    for (int i = 0; i < 200; i++) {
      assertThat(ContentServer.send("HEAD", server.api(file), publisher.token(), null).status())
          .isEqualTo(405);
    }
    assertThat(publisher.get(file).status()).isEqualTo(200);
  }

  @Test
  void downloadsSayOnlyWhatIsKnown() {
    Answer sealed =
        publisher.publishByDigests(site, TestSite.of("/index.html", "known " + site), "");
    String path = "/v1/sites/" + site + "/deployments/" + sealed.json().path("id").asText();
    Answer file = publisher.get(path + "/files/index.html");
    assertThat(file.text()).isEqualTo("known " + site);
    assertThat(file.header("Content-Length"))
        .isEqualTo(Integer.toString(("known " + site).length()));
    assertThat(file.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(file.header("ETag")).isNotEmpty();
    Answer part = publisher.get(path + "/files/index.html", "Range", "bytes=0-4");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.text()).isEqualTo("known");
    Answer known = publisher.get(path + "/files/index.html", "If-None-Match", file.header("ETag"));
    assertThat(known.status()).isEqualTo(304);
    Answer archive = publisher.get(path + "/archive");
    assertThat(archive.header("Content-Type")).isEqualTo("application/x-tar");
    for (Answer answer : List.of(file, part, known, archive)) {
      assertThat(answer.header("Cache-Control")).isEqualTo("private, no-cache");
      assertThat(answer.header("Last-Modified")).isEmpty();
      assertThat(answer.header("Expires")).isEmpty();
    }
  }

  @Test
  void parametersThatAreNotUnderstoodSealNothing() {
    String other = publisher.newSite();
    TestSite files = TestSite.of("/index.html", "parameters " + other);
    Answer begun = publisher.begin(other, files);
    publisher.sendMissing(other, files, begun);
    String id = begun.json().path("id").asText();
    for (String query : List.of("activate=no", "activate", "aktivate=true", "title=x")) {
      Answer refused = publisher.seal(other, id, "?" + query);
      assertThat(refused.status()).as(query).isEqualTo(400);
      assertThat(refused.json().at("/errors/0/field").asText())
          .isIn("activate", "aktivate", "title");
    }
    Answer upload = publisher.get("/v1/sites/" + other + "/deployments/" + id);
    assertThat(upload.json().path("state").asText()).isEqualTo("uploading");
    String path = "/v1/sites/" + other + "/deployments?activate=true";
    assertThat(publisher.call("POST", path, files.manifest()).status()).isEqualTo(400);
  }

  @Test
  void aManifestMayBeLargerThanOtherJson() {
    TestSite files = TestSite.random(9, 4000, 10);
    assertThat(files.manifest().length()).isGreaterThan(400_000);
    assertThat(publisher.begin(site, files).status()).isEqualTo(201);
  }

  @Test
  void doesNotPublishWhenTheSiteHasMovedOn() {
    String path = "/v1/sites/" + site + "/deployments";
    byte[] tar = TestSite.of("/index.html", "moved " + site).tar();
    long version = publisher.get("/v1/sites/" + site).json().path("version").asLong();
    var body = java.net.http.HttpRequest.BodyPublishers.ofByteArray(tar);
    assertThat(publisher.put(path, body, "If-Match", "\"" + version + "\"").status())
        .isEqualTo(201);
    Answer stale = publisher.put(path, body, "If-Match", "\"" + version + "\"");
    assertThat(stale.status()).as(stale.text()).isEqualTo(412);
    assertThat(publisher.get("/v1/sites/" + site + "/audit").text()).contains("deployment.publish");
  }

  @Test
  void namesFaultsOfAManifest() {
    Answer refused =
        server.call(
            "POST",
            "/v1/sites/" + site + "/deployments",
            publisher.token(),
            "{\"files\":[{\"path\":\"x\",\"sha256\":\"y\",\"size\":-1}]}");
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.problem()).isEqualTo("invalid-manifest");
    assertThat(refused.json().path("errors").findValuesAsText("field"))
        .isEqualTo(List.of("files[0].path", "files[0].sha256", "files[0].size"));
  }
}
