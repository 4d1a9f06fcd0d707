package dev.portico.content.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.blob.Digest;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import dev.portico.content.site.SettingsFiles;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is kept and what is forgotten, with times so short that everything is old at once. */
class RetentionIT {
  private static ContentServer keeping;
  private static ContentServer forgetting;
  private static Publisher publisher;

  @BeforeAll
  static void start() {
    keeping =
        ContentServer.start(
            Map.of(
                "portico.deployment.keep-activated", 2, "portico.deployment.keep-previews", "1ms"));
    forgetting =
        keeping.copy(
            Map.of(
                "portico.deployment.tombstone-grace", "1ms",
                "portico.deployment.upload-expiry", "1ms"));
    publisher = new Publisher(keeping, keeping.person("publishers"));
  }

  @AfterAll
  static void stop() {
    forgetting.close();
    keeping.close();
  }

  @Test
  void keepsTheLiveTheLastActivatedTheAliasedAndThoseThatWereLiveLately() {
    String site = publisher.newSite();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      ids.add(publish(site, "version " + i, i < 6 ? "?activate=true" : ""));
    }
    assertThat(
            publisher
                .call(
                    "PUT",
                    "/v1/sites/" + site + "/aliases/first",
                    "{\"deployment\":\"" + ids.getFirst() + "\"}")
                .status())
        .isEqualTo(201);

    keeping.bean(Retention.class).run();

    assertThat(ids.stream().map(id -> state(site, id)))
        .containsExactly(
            "sealed", "deleted", "sealed", "sealed", "sealed", "sealed", "deleted", "deleted");
    assertThat(publisher.get("/v1/sites/" + site).json().path("deployment").asText())
        .isEqualTo(ids.get(5));
    Answer gone = publisher.get(path(site, ids.get(1)) + "/archive");
    assertThat(gone.status()).isEqualTo(410);
    assertThat(publisher.post(path(site, ids.get(1)) + "/activate").status()).isEqualTo(410);
    assertThat(publisher.get("/v1/sites/" + site + "/deployments").json().path("items")).hasSize(5);
  }

  @Test
  void aTombstoneKeepsItsBlobsUntilItIsPurgedAndCanBePublishedAgain() {
    String site = publisher.newSite();
    publish(site, "live", "?activate=true");
    TestSite files = TestSite.of("/index.html", "mortal " + site, "/portico.yml", "files: {}");
    Digest digest = new Digest(TestSite.sha256(files.bytes("/index.html")));
    String id = publisher.publishByDigests(site, files, "").json().path("id").asText();
    publisher.delete(path(site, id));
    assertThat(referred(keeping)).contains(digest);
    assertThat(settings(site, id)).isPresent();

    Answer revived = publisher.publishByDigests(site, files, "");
    assertThat(revived.json().path("id").asText()).isEqualTo(id);
    assertThat(revived.json().path("state").asText()).isEqualTo("sealed");
    assertThat(publisher.download(path(site, id) + "/files/index.html"))
        .asString()
        .isEqualTo("mortal " + site);

    publisher.delete(path(site, id));
    forgetting.bean(Retention.class).run();
    assertThat(state(site, id)).isEqualTo("deleted");
    assertThat(referred(keeping)).doesNotContain(digest);
    assertThat(settings(site, id)).isEmpty();

    Answer again = publisher.publishByDigests(site, files, "");
    assertThat(again.status()).as(again.text()).isEqualTo(200);
    assertThat(publisher.download(path(site, id) + "/files/index.html"))
        .asString()
        .isEqualTo("mortal " + site);
    assertThat(referred(keeping)).contains(digest);
    assertThat(settings(site, id)).isPresent();
  }

  private static Optional<Item> settings(String site, String id) {
    return keeping.bean(Table.class).get(SettingsFiles.key(site, id));
  }

  @Test
  void anUploadIsForgottenWhenItsTimeIsOver() {
    String site = publisher.newSite();
    TestSite files = TestSite.of("/index.html", "late " + site);
    Digest digest = new Digest(files.blobs().keySet().iterator().next());
    String kept = publisher.begin(site, files).json().path("id").asText();
    assertThat(referred(keeping)).contains(digest);
    Publisher late = new Publisher(forgetting, publisher.token());
    String id = late.begin(site, files).json().path("id").asText();
    assertThat(id).isEqualTo(kept);
    assertThat(late.seal(site, id, "").status()).isEqualTo(404);
    assertThat(late.get(path(site, id)).status()).isEqualTo(404);

    forgetting.bean(Retention.class).run();

    assertThat(referred(keeping)).doesNotContain(digest);
    assertThat(publisher.publishByDigests(site, files, "").status()).isEqualTo(200);
  }

  private static Set<Digest> referred(ContentServer server) {
    Set<Digest> digests = new HashSet<>();
    server.bean(DeploymentReferences.class).forEach(digests::add);
    return digests;
  }

  private static String publish(String site, String text, String query) {
    Answer published =
        publisher.publishByDigests(site, TestSite.of("/index.html", text + " " + site), query);
    assertThat(published.status()).as(published.text()).isEqualTo(200);
    return published.json().path("id").asText();
  }

  private static String state(String site, String id) {
    return publisher.get(path(site, id)).json().path("state").asText();
  }

  private static String path(String site, String id) {
    return "/v1/sites/" + site + "/deployments/" + id;
  }
}
