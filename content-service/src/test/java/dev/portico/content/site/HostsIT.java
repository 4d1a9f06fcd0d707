package dev.portico.content.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import dev.portico.content.fixture.DnsServer;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostsIT {
  private static DnsServer dns;
  private static ContentServer server;
  private static String owner;

  @BeforeAll
  static void start() {
    dns = new DnsServer();
    server =
        ContentServer.start(
            Map.of(
                "portico.site.domain",
                "sites.example",
                "portico.site.api-domain",
                "portico.company.example",
                "portico.site.dns-server",
                dns.address()));
    owner = server.person("publishers");
    for (String site : new String[] {"one", "two", "races"}) {
      server.call("POST", "/v1/sites", owner, "{\"name\":\"" + site + "\"}");
    }
  }

  @AfterAll
  static void stop() {
    server.close();
    dns.close();
  }

  private static Answer put(String site, String host) {
    return server.call("PUT", "/v1/sites/" + site + "/hosts/" + host, owner, null);
  }

  private static JsonNode snapshot(String site) {
    return ContentServer.send(
            "GET",
            server.at("internal", "/internal/sites/" + site + "/snapshot"),
            ContentServer.SECRET,
            null)
        .json();
  }

  @Test
  void aHostIsPendingUntilItsRecordIsSeen() {
    Answer pending = put("one", "WWW.Example.org.");
    assertThat(pending.status()).as(pending.text()).isEqualTo(201);
    JsonNode host = pending.json();
    assertThat(host.path("host").asText()).isEqualTo("www.example.org");
    assertThat(host.path("state").asText()).isEqualTo("pending");
    assertThat(host.path("txtName").asText()).isEqualTo("_portico-challenge.www.example.org");
    assertThat(snapshot("one").path("hosts").toString()).doesNotContain("www.example.org");
    dns.put(host.path("txtName").asText(), "something else");
    assertThat(put("one", "www.example.org").json().path("state").asText()).isEqualTo("pending");
    dns.put(host.path("txtName").asText(), host.path("txtValue").asText());
    Answer verified =
        server.call("POST", "/v1/sites/one/hosts/www.example.org/verify", owner, null);
    assertThat(verified.json().path("state").asText()).as(verified.text()).isEqualTo("active");
    assertThat(snapshot("one").path("hosts").toString()).contains("www.example.org");
    Answer again = put("one", "www.example.org");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().path("state").asText()).isEqualTo("active");
    assertThat(put("two", "www.example.org").problem()).isEqualTo("host-in-use");
    assertThat(server.call("DELETE", "/v1/sites/one/hosts/www.example.org", owner, null).status())
        .isEqualTo(204);
    assertThat(put("two", "www.example.org").status()).isEqualTo(201);
  }

  @Test
  void theBackgroundCheckFindsRecordsToo() {
    JsonNode host = put("one", "later.example.org").json();
    dns.put(host.path("txtName").asText(), host.path("txtValue").asText());
    server.bean(Hosts.class).verifyPending();
    assertThat(snapshot("one").path("hosts").toString()).contains("later.example.org");
  }

  @Test
  void ofManyWhoWantAHostTheFirstToProveItGetsIt() {
    var answers = new ArrayList<Future<Answer>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String site : new String[] {"one", "two", "races"}) {
        answers.add(executor.submit(() -> put(site, "race.example.org")));
      }
    }
    assertThat(answers.stream().map(Future::resultNow).map(Answer::status)).containsOnly(201);
    JsonNode proven = answers.get(1).resultNow().json();
    dns.put(proven.path("txtName").asText(), proven.path("txtValue").asText());
    assertThat(
            server
                .call("GET", "/v1/sites/two/hosts/race.example.org", owner, null)
                .json()
                .path("state")
                .asText())
        .as("reading changes nothing")
        .isEqualTo("pending");
    assertThat(put("two", "race.example.org").json().path("state").asText()).isEqualTo("active");
    assertThat(put("one", "race.example.org").json().path("state").asText()).isEqualTo("pending");
    assertThat(server.call("DELETE", "/v1/sites/one/hosts/race.example.org", owner, null).status())
        .isEqualTo(204);
    assertThat(snapshot("two").path("hosts").toString()).contains("race.example.org");
  }

  @Test
  void anEditOfWhatHasChangedIsRefused() {
    String path = "/v1/sites/two/hosts/edited.example.org";
    Answer asked = put("two", "edited.example.org");
    String pending = asked.header("ETag");
    Answer shown = server.call("GET", path, owner, null);
    assertThat(shown.header("ETag")).isNotEmpty().isEqualTo(pending);
    dns.put(asked.json().path("txtName").asText(), asked.json().path("txtValue").asText());
    Answer verified = server.call("POST", path + "/verify", owner, null);
    String active = verified.header("ETag");
    assertThat(active).isNotEmpty().isNotEqualTo(pending);
    assertThat(server.call("PUT", path, owner, null, "If-Match", pending).status()).isEqualTo(412);
    assertThat(server.call("PUT", path, owner, null, "If-Match", active).header("ETag"))
        .isEqualTo(active);
    Answer stale = server.call("DELETE", path, owner, null, "If-Match", pending);
    assertThat(stale.problem()).isEqualTo("precondition-failed");
    assertThat(server.call("DELETE", path, owner, null, "If-Match", active).status())
        .isEqualTo(204);
    assertThat(server.call("PUT", path, owner, null, "If-Match", "*").status())
        .as("nothing to edit")
        .isEqualTo(412);
    assertThat(put("two", "edited.example.org").header("ETag"))
        .as("another claim")
        .isNotIn(pending, active);
  }

  @Test
  void theSitesOwnNameHasATagToo() {
    String path = "/v1/sites/one/hosts/one.sites.example";
    String tag = server.call("GET", path, owner, null).header("ETag");
    assertThat(tag).isNotEmpty();
    assertThat(server.call("PUT", path, owner, null, "If-Match", tag).status()).isEqualTo(200);
    assertThat(server.call("PUT", path, owner, null, "If-Match", "\"x\"").status()).isEqualTo(412);
  }

  @Test
  void aNameOfAnotherScriptBecomesALabels() {
    assertThat(put("two", "b%C3%BCcher.example").json().path("host").asText())
        .isEqualTo("xn--bcher-kva.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "single",
        "a..b",
        "-a.example",
        "a_b.example",
        "10.0.0.1",
        "a.example:80",
        "*.example.org",
        "%5B::1%5D",
        "xn--.%20example"
      })
  void refusesWhatIsNoHostName(String host) {
    Answer answer = put("one", host);
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "two.sites.example",
        "x.one.sites.example",
        "sites.example",
        "api.portico.company.example",
        "portico.company.example",
        "company.example"
      })
  void refusesHostsUnderPorticosOwnDomainsAndAboveTheApis(String host) {
    assertThat(put("one", host).problem()).isEqualTo("host-reserved");
  }

  @Test
  void theSitesOwnNameIsImplied() {
    Answer implied = put("one", "one.sites.example");
    assertThat(implied.status()).isEqualTo(200);
    assertThat(implied.json().path("state").asText()).isEqualTo("active");
    assertThat(implied.json().path("txtName").isNull()).isTrue();
  }

  @Test
  void listsHosts() {
    put("races", "b.example.net");
    put("races", "a.example.net");
    JsonNode page = server.call("GET", "/v1/sites/races/hosts?limit=1", owner, null).json();
    assertThat(page.at("/items/0/host").asText()).isEqualTo("a.example.net");
    assertThat(page.path("next").asText()).isNotEmpty();
    assertThat(server.call("GET", "/v1/sites/races/hosts/c.example.net", owner, null).status())
        .isEqualTo(404);
  }
}
