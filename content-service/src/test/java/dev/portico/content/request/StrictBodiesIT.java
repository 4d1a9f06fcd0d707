package dev.portico.content.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every fault of a body is told at its field, and nothing is taken for something else. */
class StrictBodiesIT {
  private static final String SITE = "/v1/sites/strict";

  private static ContentServer server;
  private static String admin;

  @BeforeAll
  static void start() {
    server = ContentServer.start(Map.of());
    admin = server.person("publishers", "admins");
    assertThat(call("POST", "/v1/sites", "{'name':'strict'}").status()).isEqualTo(201);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Answer call(String method, String path, String json) {
    return server.call(method, path, admin, json.replace('\'', '"'));
  }

  /** Of which one reader would take the first, and another one the last. */
  @Test
  void aFieldThatIsThereTwiceIsRefused() {
    String twice = "{'title':'x','actions':['read'],'actions':['publish']}";
    Answer refused = call("POST", SITE + "/tokens", twice);
    assertThat(refused.status()).as(refused.text()).isEqualTo(400);
    assertThat(refused.problem()).isEqualTo("malformed-json");
    assertThat(call("POST", SITE + "/tokens", "{'title':'x'} {}").status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "POST | /v1/sites      | {'name':5}                              | name",
        "POST | /v1/sites      | {'name':['docs']}                       | name",
        "POST | /v1/sites      | {'name':'docs','title':{}}              | title",
        "POST | %s/tokens      | {'title':true}                          | title",
        "POST | %s/tokens      | {'title':'x','actions':'read'}          | actions",
        "POST | %s/tokens      | {'title':'x','actions':[]}              | actions",
        "POST | %s/tokens      | {'title':'x','actions':['read',null]}   | actions[1]",
        "POST | %s/tokens      | {'title':'x','expiresAt':'tomorrow'}    | expiresAt",
        "POST | %s/tokens      | {'title':'x','expiresAt':1796083199}    | expiresAt",
        "PUT  | %s/members/any | {'role':5}                              | role",
        "PUT  | %s/members/any | {}                                      | role",
        "PUT  | %s/aliases/any | {}                                      | deployment",
        "PUT  | %s/aliases/any | {'deployment':null}                     | deployment",
        "PUT  | %s/aliases/any | {'deployment':5}                        | deployment",
        "PUT  | %s/aliases/any | {'deployment':['aaaaaaaaaaaaaaaaaaaa']} | deployment",
        "PUT  | %s/release     | {'deployment':'a','percent':'5'}        | percent",
        "PUT  | %s/release     | {'deployment':'a','percent':1.5}        | percent",
        "PUT  | %s/release     | {'deployment':'a','percent':5000000000} | percent",
        "PUT  | %s/release     | {'maxErrorRate':'q'}                    | maxErrorRate",
        "POST | %s/invalidations | {'callerReference':'a','paths':['/a',['/b']]} | paths[1]",
        "PUT  | /v1/platform/freeze | {'reason':'r','until':'x'}         | until",
      })
  void namesTheFieldAtFault(String method, String path, String json, String field) {
    Answer refused = call(method, path.formatted(SITE), json);
    assertThat(refused.status()).as(refused.text()).isEqualTo(400);
    assertThat(refused.problem()).isEqualTo("validation");
    assertThat(refused.json().at("/errors/0/field").asText()).isEqualTo(field);
    assertThat(refused.json().path("errors")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "POST  | /v1/sites            | {'name':'docs','foo':1}",
        "PATCH | %s                   | {'title':'x','foo':1}",
        "POST  | %s/tokens            | {'title':'x','foo':1}",
        "PUT   | %s/members/any       | {'role':'owner','foo':1}",
        "PUT   | %s/aliases/any       | {'deployment':'a','foo':1}",
        "PUT   | %s/lock              | {'foo':1}",
        "PUT   | %s/release           | {'deployment':'a','percent':5,'foo':1}",
        "POST  | %s/invalidations     | {'callerReference':'a','paths':['/'],'foo':1}",
        "POST  | %s/explain           | {'deployment':'a','urls':['/'],'foo':1}",
        "POST  | /v1/platform/invalidations | {'callerReference':'a','foo':1}",
        "PUT   | /v1/platform/freeze  | {'reason':'r','foo':1}",
      })
  void refusesUnknownFields(String method, String path, String json) {
    Answer refused = call(method, path.formatted(SITE), json);
    assertThat(refused.status()).as(refused.text()).isEqualTo(400);
    assertThat(refused.json().at("/errors/0/field").asText()).isEqualTo("foo");
    assertThat(refused.json().at("/errors/0/reason").asText()).startsWith("is unknown");
  }

  @Test
  void saysWhatAnEnumerationHas() {
    Answer action = call("POST", SITE + "/tokens", "{'title':'x','actions':['manage']}");
    assertThat(action.json().path("detail").asText())
        .isEqualTo("actions[0] must be one of read, publish, activate, invalidate");
    for (String role : new String[] {"boss", "Owner"}) {
      Answer refused = call("PUT", SITE + "/members/any", "{'role':'" + role + "'}");
      assertThat(refused.json().path("detail").asText())
          .isEqualTo("role must be one of owner, publisher, viewer");
    }
  }

  @Test
  void tellsAllFaultsAtOnce() {
    Answer refused = call("POST", "/v1/sites", "{'name':5,'title':[],'foo':{}}");
    assertThat(refused.json().path("errors").findValuesAsText("field"))
        .containsExactly("name", "title", "foo");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "5", "null", "'text'"})
  void aBodyThatIsNoObjectIsNoFieldsFault(String json) {
    Answer refused = call("POST", "/v1/sites", json);
    assertThat(refused.status()).as(refused.text()).isEqualTo(400);
    assertThat(refused.text()).doesNotContain("\"site\"");
  }

  @Test
  void aBodyThatIsNotThereIsMissed() {
    Answer refused = call("POST", "/v1/sites", "");
    assertThat(refused.status()).as(refused.text()).isEqualTo(400);
    assertThat(refused.json().at("/errors/0/field").asText()).isEqualTo("body");
  }
}
