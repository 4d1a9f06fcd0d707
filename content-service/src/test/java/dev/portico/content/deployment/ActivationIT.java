package dev.portico.content.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
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

/** What is live, what was live, and what only has a name; over two copies of the service. */
class ActivationIT {
  private static ContentServer server;
  private static ContentServer copy;
  private static Publisher publisher;
  private static Publisher other;
  private String site;

  @BeforeAll
  static void start() {
    server = ContentServer.start(Map.of());
    copy = server.copy(Map.of());
    publisher = new Publisher(server, server.person("publishers"));
    other = new Publisher(copy, publisher.token());
  }

  @AfterAll
  static void stop() {
    copy.close();
    server.close();
  }

  @BeforeEach
  void createSite() {
    site = publisher.newSite();
  }

  @Test
  void activatesOnlyUnderTheVersionAskedFor() {
    String one = publish("one");
    String two = publish("two");
    long version = site().path("version").asLong();
    Answer activated = activate(publisher, one, "If-Match", "\"" + version + "\"");
    assertThat(activated.status()).as(activated.text()).isEqualTo(200);
    assertThat(activated.header("ETag")).isEqualTo("\"" + (version + 1) + "\"");
    assertThat(activated.json().path("active").asBoolean()).isTrue();
    Answer stale = activate(publisher, two, "If-Match", "\"" + version + "\"");
    assertThat(stale.status()).isEqualTo(412);
    assertThat(site().path("deployment").asText()).isEqualTo(one);
    Answer repeated = activate(publisher, one);
    assertThat(repeated.header("ETag")).as("no new version").isEqualTo("\"" + (version + 1) + "\"");
    assertThat(activate(publisher, "a".repeat(20)).status()).isEqualTo(404);
  }

  @Test
  void refusesToActivateWhatIsNotSealed() {
    Answer begun = publisher.begin(site, TestSite.of("/index.html", "unsealed " + site));
    Answer refused = activate(publisher, begun.json().path("id").asText());
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.problem()).isEqualTo("not-sealed");
  }

  @Test
  void rollsBackStepByStepAndForwardAgain() {
    List<String> ids = List.of(publish("a"), publish("b"), publish("c"), publish("d"));
    for (String id : ids.subList(0, 3)) {
      activate(publisher, id);
    }
    assertThat(rollBack().json().path("id").asText()).isEqualTo(ids.get(1));
    assertThat(rollBack().json().path("id").asText()).isEqualTo(ids.get(0));
    Answer nothing = rollBack();
    assertThat(nothing.status()).isEqualTo(409);
    assertThat(nothing.problem()).isEqualTo("nothing-before");
    activate(publisher, ids.get(3));
    assertThat(rollBack().json().path("id").asText()).isEqualTo(ids.get(0));
    activate(publisher, ids.get(1));
    publisher.delete(path(ids.get(0)));
    assertThat(rollBack().json().path("id").asText())
        .as("what is deleted is passed over")
        .isEqualTo(ids.get(3));
  }

  @Test
  void concurrentActivationsAllSucceedAndTheLastOneStays() throws Exception {
    List<String> ids = List.of(publish("a"), publish("b"), publish("c"), publish("d"));
    long version = site().path("version").asLong();
    List<Callable<Answer>> calls = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      String id = ids.get(i % 4);
      Publisher who = i % 2 == 0 ? publisher : other;
      calls.add(() -> activate(who, id));
    }
    List<Answer> answers = call(calls);
    assertThat(answers)
        .allSatisfy(answer -> assertThat(answer.status()).as(answer.text()).isEqualTo(200));
    JsonNode after = site();
    assertThat(after.path("version").asLong())
        .isGreaterThan(version)
        .isLessThanOrEqualTo(version + 16);
    assertThat(after.path("deployment").asText()).isIn(ids);
  }

  @Test
  void ofConcurrentConditionalActivationsExactlyOneSucceeds() throws Exception {
    String one = publish("a");
    String two = publish("b");
    String tag = "\"" + site().path("version").asLong() + "\"";
    List<Answer> answers =
        call(
            List.of(
                () -> activate(publisher, one, "If-Match", tag),
                () -> activate(other, two, "If-Match", tag)));
    assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(200, 412);
  }

  /** A copy that had to start anew meanwhile has never seen the pool's keys. */
  @Test
  void aDeployTokenRollsBackWhileThePoolIsAwayFromTheStart() {
    String one = publish("one");
    String two = publish("two");
    activate(publisher, one);
    activate(publisher, two);
    Answer created =
        publisher.call(
            "POST",
            "/v1/sites/" + site + "/tokens",
            "{\"title\":\"night\",\"actions\":[\"read\",\"activate\"]}");
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    String token = created.json().path("token").asText();
    String nowhere = "http://localhost:1/jwks.json";
    try (ContentServer late = server.copy(Map.of("portico.cognito.jwks-url", nowhere))) {
      Answer readiness =
          ContentServer.send("GET", late.at("management", "/health/readiness"), null, null);
      assertThat(readiness.status()).as(readiness.text()).isEqualTo(200);
      Answer back = new Publisher(late, token).post("/v1/sites/" + site + "/rollback");
      assertThat(back.status()).as(back.text()).isEqualTo(200);
      Answer person = new Publisher(late, publisher.token()).get("/v1/sites/" + site);
      assertThat(person.status()).as("nobody can tell whose token it is").isEqualTo(503);
      assertThat(
              ContentServer.send(
                      "GET",
                      late.at("internal", "/internal/sites/" + site + "/snapshot"),
                      ContentServer.SECRET,
                      null)
                  .json()
                  .path("deployment")
                  .asText())
          .isEqualTo(one);
    }
    assertThat(site().path("deployment").asText()).isEqualTo(one);
  }

  @Test
  void aLockedSiteKeepsItsDeployment() {
    String one = publish("one");
    String two = publish("two");
    activate(publisher, one);
    activate(publisher, two);
    String lock = "/v1/sites/" + site + "/lock";
    Answer locked = publisher.call("PUT", lock, "{\"reason\":\"release freeze\"}");
    assertThat(locked.status()).as(locked.text()).isEqualTo(200);
    assertThat(locked.json().at("/lock/reason").asText()).isEqualTo("release freeze");
    assertThat(site().at("/lock/by").asText()).isEqualTo(site().path("createdBy").asText());

    for (Answer refused :
        List.of(
            activate(publisher, one),
            rollBack(),
            publisher.publishArchive(site, TestSite.of("/index.html", "three").tar(), ""))) {
      assertThat(refused.status()).as(refused.text()).isEqualTo(409);
      assertThat(refused.problem()).isEqualTo("site-locked");
      assertThat(refused.text()).contains("release freeze");
    }
    assertThat(activate(other, two).status()).as("is live already").isEqualTo(200);
    assertThat(site().path("deployment").asText()).isEqualTo(two);

    String three = publish("three");
    assertThat(publisher.delete(lock).json().has("lock")).isFalse();
    assertThat(activate(publisher, three).status()).isEqualTo(200);
    assertThat(publisher.get("/v1/sites/" + site + "/audit").text())
        .contains("site.lock", "site.unlock", "release freeze");
  }

  @Test
  void unlockingWhatIsNotLockedChangesNothing() {
    String lock = "/v1/sites/" + site + "/lock";
    JsonNode before = site();
    Answer unlocked = publisher.delete(lock);
    assertThat(unlocked.status()).as(unlocked.text()).isEqualTo(200);
    assertThat(unlocked.header("ETag")).isEqualTo("\"" + before.path("version").asLong() + "\"");
    assertThat(site()).isEqualTo(before);
    assertThat(publisher.get("/v1/sites/" + site + "/audit").text()).doesNotContain("site.unlock");
  }

  @Test
  void onlyOwnersLockAndOnlyTheVersionTheyRead() {
    String lock = "/v1/sites/" + site + "/lock";
    assertThat(publisher.call("PUT", lock, "{}", "If-Match", "\"77\"").status()).isEqualTo(412);
    assertThat(publisher.call("PUT", lock, "{\"why\":\"x\"}").status()).isEqualTo(400);
    assertThat(publisher.call("PUT", lock, "{\"reason\":\"a\\nb\"}").status()).isEqualTo(400);
    assertThat(publisher.call("PUT", lock, "{\"reason\":\"" + "x".repeat(201) + "\"}").status())
        .isEqualTo(400);
    String sub = "31111111-2222-3333-4444-555555555555";
    publisher.call("PUT", "/v1/sites/" + site + "/members/" + sub, "{\"role\":\"publisher\"}");
    Publisher member = new Publisher(server, server.pool().accessToken(sub));
    assertThat(member.call("PUT", lock, "{}").status()).isEqualTo(403);
    assertThat(member.delete(lock).status()).isEqualTo(403);
    assertThat(site().has("lock")).isFalse();
  }

  @Test
  void gatewaysLearnWhichDeploymentsWereLiveBefore() {
    List<String> ids =
        List.of(publish("a"), publish("b"), publish("c"), publish("d"), publish("e"));
    ids.forEach(id -> activate(publisher, id));
    assertThat(earlier()).as("three at most").containsExactly(ids.get(3), ids.get(2), ids.get(1));
    rollBack();
    assertThat(earlier()).containsExactly(ids.get(4), ids.get(2), ids.get(1));
    publisher.call(
        "PUT", "/v1/sites/" + site + "/settings", "{\"earlierAssetsSeconds\":0}", "If-Match", "*");
    assertThat(earlier()).isEmpty();
  }

  private List<String> earlier() {
    return ContentServer.send(
            "GET",
            server.at("internal", "/internal/sites/" + site + "/snapshot"),
            ContentServer.SECRET,
            null)
        .json()
        .path("earlier")
        .findValuesAsText("deployment");
  }

  /** A lock that was set while an activation was under way holds. */
  @Test
  void nothingIsActivatedAfterTheAnswerToALock() throws Exception {
    String lock = "/v1/sites/" + site + "/lock";
    for (int i = 0; i < 6; i++) {
      String id = publish("race " + i);
      List<Answer> answers =
          call(List.of(() -> activate(other, id), () -> publisher.call("PUT", lock, "{}")));
      assertThat(answers.get(1).status()).as(answers.get(1).text()).isEqualTo(200);
      boolean live = site().path("deployment").asText().equals(id);
      assertThat(answers.getFirst().status()).as("%s", answers).isEqualTo(live ? 200 : 409);
      assertThat(answers.get(1).json().path("deployment").asText().equals(id))
          .as("as the lock's answer shows it")
          .isEqualTo(live);
      publisher.delete(lock);
    }
  }

  @Test
  void deletionAndActivationAtTheSameTimeNeverLeaveADeletedOneLive() throws Exception {
    for (int i = 0; i < 6; i++) {
      String id = publish("race " + i);
      List<Answer> answers =
          call(List.of(() -> activate(publisher, id), () -> other.delete(path(id))));
      String state = publisher.get(path(id)).json().path("state").asText();
      boolean live = site().path("deployment").asText().equals(id);
      assertThat(state.equals("deleted") && live).as("%s", answers).isFalse();
      assertThat(answers.getFirst().status() == 200).as("%s", answers).isEqualTo(live);
    }
  }

  @Test
  void anEditOfAnAliasThatHasMovedIsRefused() {
    String one = publish("one");
    String two = publish("two");
    String path = "/v1/sites/" + site + "/aliases/next";
    String read = alias("next", one).header("ETag");
    assertThat(publisher.get(path).header("ETag")).isNotEmpty().isEqualTo(read);
    assertThat(publisher.get(path).json().path("deployment").asText()).isEqualTo(one);
    Answer moved = alias("next", two, "If-Match", read);
    assertThat(moved.status()).as(moved.text()).isEqualTo(200);
    assertThat(moved.header("ETag")).isNotEmpty().isNotEqualTo(read);
    Answer stale = alias("next", one, "If-Match", read);
    assertThat(stale.status()).isEqualTo(412);
    assertThat(publisher.call("DELETE", path, "", "If-Match", read).status()).isEqualTo(412);
    assertThat(alias("absent", one, "If-Match", "*").status()).isEqualTo(412);
    assertThat(publisher.get("/v1/sites/" + site + "/aliases/absent").status()).isEqualTo(404);
    assertThat(publisher.call("DELETE", path, "", "If-Match", moved.header("ETag")).status())
        .isEqualTo(204);
  }

  @Test
  void aliasesMoveAndKeepTheirDeployment() {
    String one = publish("one");
    String two = publish("two");
    Answer created = alias("next", one);
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    assertThat(created.json().path("url").asText())
        .isEqualTo("http://next--" + site + ".localhost:8080/");
    assertThat(publisher.get(path(one)).json().path("aliases").get(0).asText()).isEqualTo("next");
    Answer refused = publisher.delete(path(one));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.problem()).isEqualTo("aliased");
    assertThat(alias("next", two).status()).isEqualTo(200);
    assertThat(publisher.delete(path(one)).status()).isEqualTo(204);
    assertThat(publisher.delete(path(one)).status()).as("again").isEqualTo(204);
    assertThat(alias("next", one).status()).isEqualTo(410);
    assertThat(alias("a--b", two).status()).isEqualTo(400);
    assertThat(alias(two, two).status()).isEqualTo(400);
    JsonNode aliases = publisher.get("/v1/sites/" + site + "/aliases").json();
    assertThat(aliases.path("items")).hasSize(1);
    assertThat(publisher.delete("/v1/sites/" + site + "/aliases/next").status()).isEqualTo(204);
    assertThat(publisher.delete("/v1/sites/" + site + "/aliases/next").status()).isEqualTo(404);
    Answer published =
        publisher.publishArchive(
            site, TestSite.of("/index.html", "branch " + site).tar(), "?alias=branch");
    assertThat(published.json().path("aliases").get(0).asText()).isEqualTo("branch");
    assertThat(published.json().path("active").asBoolean()).isFalse();
  }

  @Test
  void aliasesAreListedInPages() {
    String id = publish("one");
    List<String> names = List.of("beta", "demo", "next", "qa-1", "qa-2");
    names.forEach(name -> assertThat(alias(name, id).status()).isEqualTo(201));
    String list = "/v1/sites/" + site + "/aliases";
    List<String> seen = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    String cursor = "";
    String first = "";
    do {
      JsonNode page = publisher.get(list + "?limit=2" + cursor).json();
      sizes.add(page.path("items").size());
      page.path("items").forEach(each -> seen.add(each.path("name").asText()));
      cursor = page.path("next").isNull() ? "" : "&cursor=" + page.path("next").asText();
      first = first.isEmpty() ? cursor : first;
    } while (!cursor.isEmpty());
    assertThat(seen).isEqualTo(names);
    assertThat(sizes).startsWith(2, 2, 1);
    assertThat(publisher.get(list).json().path("items")).hasSize(5);
    assertThat(publisher.get(list).json().path("next").isNull()).isTrue();
    assertThat(publisher.get(list + "?limit=0").status()).isEqualTo(400);
    assertThat(publisher.get(list + "?limit=1001").status()).isEqualTo(400);
    assertThat(publisher.get(list + "?cursor=x").problem()).isEqualTo("invalid-cursor");
    String foreign = publisher.newSite();
    assertThat(publisher.get("/v1/sites/" + foreign + "/aliases?limit=2" + first).problem())
        .isEqualTo("invalid-cursor");
  }

  @Test
  void deploymentTokensDoOnlyWhatTheyHold() {
    String token = token("publish");
    Publisher ci = new Publisher(server, token);
    byte[] archive = TestSite.of("/index.html", "ci " + site).tar();
    Answer refused = ci.publishArchive(site, archive, "");
    assertThat(refused.status()).as(refused.text()).isEqualTo(403);
    Answer published = ci.publishArchive(site, archive, "?activate=false");
    assertThat(published.status()).as(published.text()).isEqualTo(201);
    assertThat(published.json().path("author").asText()).startsWith("token:");
    String id = published.json().path("id").asText();
    assertThat(activate(ci, id).status()).isEqualTo(403);
    assertThat(ci.get(path(id)).status()).isEqualTo(403);
    assertThat(activate(new Publisher(server, token("activate")), id).status()).isEqualTo(200);
    String foreign = publisher.newSite();
    assertThat(ci.publishArchive(foreign, archive, "?activate=false").status()).isEqualTo(404);
    assertThat(new Publisher(server, server.person()).get(path(id)).status()).isEqualTo(404);
  }

  @Test
  void listsNewestFirstWithoutWhatIsDeleted() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(publish("number " + i));
    }
    publisher.delete(path(ids.remove(2)));
    List<String> listed = new ArrayList<>();
    String query = "?limit=3";
    while (true) {
      JsonNode page = publisher.get("/v1/sites/" + site + "/deployments" + query).json();
      page.path("items").forEach(item -> listed.add(item.path("id").asText()));
      if (page.path("next").isNull()) {
        break;
      }
      query = "?limit=3&cursor=" + page.path("next").asText();
    }
    assertThat(listed).isEqualTo(ids.reversed());
  }

  private String token(String action) {
    Answer created =
        publisher.call(
            "POST",
            "/v1/sites/" + site + "/tokens",
            "{\"title\":\"ci\",\"actions\":[\"" + action + "\"]}");
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    return created.json().path("token").asText();
  }

  private String publish(String text) {
    Answer published =
        publisher.publishByDigests(site, TestSite.of("/index.html", text + " " + site), "");
    assertThat(published.status()).as(published.text()).isEqualTo(200);
    return published.json().path("id").asText();
  }

  private Answer alias(String name, String id, String... headers) {
    return publisher.call(
        "PUT",
        "/v1/sites/" + site + "/aliases/" + name,
        "{\"deployment\":\"" + id + "\"}",
        headers);
  }

  private Answer rollBack() {
    return publisher.post("/v1/sites/" + site + "/rollback");
  }

  private Answer activate(Publisher who, String id, String... headers) {
    return who.post(path(id) + "/activate", headers);
  }

  private String path(String id) {
    return "/v1/sites/" + site + "/deployments/" + id;
  }

  private JsonNode site() {
    return publisher.get("/v1/sites/" + site).json();
  }

  private static List<Answer> call(List<Callable<Answer>> calls) throws Exception {
    List<Answer> answers = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Answer> future : executor.invokeAll(calls)) {
        answers.add(future.get());
      }
    }
    return answers;
  }
}
