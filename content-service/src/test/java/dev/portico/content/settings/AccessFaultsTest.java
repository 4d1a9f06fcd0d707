package dev.portico.content.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portico.content.error.FieldError;
import dev.portico.content.error.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What settings about access may not be, and what is kept and told of them. */
class AccessFaultsTest {
  private static final SettingsEnvironment RULES =
      new SettingsEnvironment(new OriginsSettings(List.of()), SharedPolicies.NONE);
  private static final StoredSettings NONE = StoredSettings.none(true);
  private static final String PASSWORD =
      """
      {"accessPolicies":[{"id":"shared","password":{"value":"correct horse battery"}}],
       "defaultBehaviour":{"accessPolicy":"shared"}}\
      """;

  private static StoredSettings put(StoredSettings before, String json) {
    return before.replacedBy(json.getBytes(StandardCharsets.UTF_8), RULES);
  }

  private static Map<String, String> faults(String json) {
    try {
      put(NONE, json);
      return Map.of();
    } catch (Problem problem) {
      return problem.errors().stream()
          .collect(
              Collectors.toMap(
                  FieldError::field, FieldError::reason, (a, b) -> a + "; " + b, TreeMap::new));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          "exemptAddresses":["10.0.0.1/8"],"signedIn":true|exemptAddresses[0]
          "requiredAddresses":["10.0.0.256"]|requiredAddresses[0]
          "exemptAddresses":["10.0.0.1"]|id
          "password":{"value":"short"}|password.value
          "password":{}|password.value
          "password":{"value":"long enough","rememberSeconds":299}|password.rememberSeconds
          "signedRequests":{"keyGroups":[]}|signedRequests.keyGroups
          "signedRequests":{"keyGroups":["none"]}|signedRequests.keyGroups[0]
          "authorizer":{"origin":"none","path":"/a"}|authorizer.origin
          "authorizer":{"origin":"api","path":"a"}|authorizer.path
          "authorizer":{"origin":"api","path":"/a","cacheSeconds":3601}|authorizer.cacheSeconds
          "authorizer":{"origin":"api","path":"/a","forwardHeaders":["Host:"]}|authorizer.forwardHeaders[0]
          "authorizer":{"origin":"api","path":"/a","contextHeaders":["Authorization"]}|authorizer.contextHeaders[0]
          "authorizer":{"origin":"api","path":"/a","contextHeaders":["Portico-Identity-Token"]}|authorizer.contextHeaders[0]
          "groups":{}|groups.any
          "groups":{"any":["a b"]}|groups.any[0]
          "member":"guest"|member
          "claims":[{"name":"a","values":[]}]|claims[0].values
          "claims":[{"name":"sub","values":["a"]},{"name":"nickname","values":["a"]}]|claims[1].name
          "scopes":["a b"]|scopes[0]
          "signedIn":true,"credentials":["cookie"]|credentials[0]
          "signedIn":true,"forwardClaims":[{"claim":"email","header":"Host"}]|forwardClaims[0].header
          "signedIn":true,"forwardClaims":[{"claim":"sub","header":"X-A"},{"claim":"email","header":"x-a"}]|forwardClaims[1].header
          "requiredAddresses":["10.0.0.1"],"forwardClaims":[{"claim":"email","header":"X-A"}]|forwardClaims
          "signedIn":true,"signedInn":true|signedInn
          """)
  void aPolicyIsToldItsFaults(String fields, String path) {
    String json =
        "{\"origins\":[{\"id\":\"api\",\"host\":\"api.example.com\"}],"
            + "\"accessPolicies\":[{\"id\":\"one\","
            + fields
            + "}]}";
    assertThat(faults(json)).as(json).containsOnlyKeys("accessPolicies[0]." + path);
  }

  @Test
  void aRuleGoesByNothingThatPeopleSetThemselves() throws IOException {
    Path root = Path.of(System.getProperty("portico.root", ".."));
    JsonNode golden =
        new ObjectMapper()
            .readTree(Files.readString(root.resolve("deploy/contracts/self-set-attributes.json")));
    var refused = new TreeSet<String>();
    for (String list : List.of("patched", "setAtThePool")) {
      golden.get(list).forEach(name -> refused.add(name.asText()));
    }
    assertThat(SelfSetClaims.NAMES).containsExactlyInAnyOrderElementsOf(refused);
    for (String name : refused) {
      assertThat(faults(rule(name))).containsOnlyKeys("accessPolicies[0].claims[0].name");
    }
    golden.get("proven").forEach(name -> assertThat(faults(rule(name.asText()))).isEmpty());
    assertThat(faults(rule("custom:name"))).isEmpty();
  }

  private static String rule(String claim) {
    return "{\"accessPolicies\":[{\"id\":\"a\",\"claims\":[{\"name\":\""
        + claim
        + "\",\"values\":[\"Ann\"]}]}]}";
  }

  @Test
  void aRuleFromBeforeThatGoesOnToBeUnderstood() {
    StoredSettings stored = StoredSettings.of(rule("name"), Map.of());
    assertThat(stored.unclearAccess()).isFalse();
    assertThat(stored.gaps(RULES)).isEmpty();
    assertThat(stored.compiled().accessPolicies()).hasSize(1);
  }

  @Test
  void aFileHasNoneEither() {
    List<FieldError> faults = new ArrayList<>();
    SettingsFile.parse(
        "accessPolicies: [{id: a, claims: [{name: name, values: [Ann]}]}]"
            .getBytes(StandardCharsets.UTF_8),
        RULES,
        DeploymentSettings.ALL,
        faults);
    assertThat(faults).hasSize(1);
    assertThat(faults.getFirst().reason()).startsWith("accessPolicies[0].claims[0].name: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          "behaviours":[{"pattern":"/a","accessPolicy":"none"}]|behaviours[0].accessPolicy
          "defaultBehaviour":{"accessPolicy":"none"}|defaultBehaviour.accessPolicy
          "previewAccess":"none"|previewAccess
          "keyGroups":[{"id":"g","publicKeys":["none"]}]|keyGroups[0].publicKeys[0]
          "keyGroups":[{"id":"g","publicKeys":[]}]|keyGroups[0].publicKeys
          "publicKeys":[{"id":"k","key":"-----BEGIN RSA PUBLIC KEY-----"}]|publicKeys[0].key
          "publicKeys":[{"id":"k","key":"-----BEGIN PUBLIC KEY-----AAAA-----END PUBLIC KEY-----"}]|publicKeys[0].key
          "signIn":{"accent":"#ffff00"}|signIn.accent
          "signIn":{"accent":"blue"}|signIn.accent
          "signIn":{"logo":"https://example.com/logo.svg"}|signIn.logo
          "signIn":{"logo":"//example.com/logo.svg"}|signIn.logo
          "signIn":{"title":" "}|signIn.title
          """)
  void whatIsNamedIsThere(String fields, String path) {
    assertThat(faults('{' + fields + '}')).containsOnlyKeys(path);
  }

  @Test
  void aSmallKeyIsRefused() throws Exception {
    assertThat(keyFault("RSA", 1024)).contains("2048");
    assertThat(keyFault("EC", 384)).contains("P-256");
    assertThat(keyFault("RSA", 2048)).isNull();
    assertThat(keyFault("EC", 256)).isNull();
  }

  private static @org.jspecify.annotations.Nullable String keyFault(String kind, int bits)
      throws Exception {
    var generator = java.security.KeyPairGenerator.getInstance(kind);
    generator.initialize(bits);
    String base64 =
        java.util.Base64.getEncoder()
            .encodeToString(generator.generateKeyPair().getPublic().getEncoded());
    String pem = "-----BEGIN PUBLIC KEY-----\\n" + base64 + "\\n-----END PUBLIC KEY-----\\n";
    return faults("{\"publicKeys\":[{\"id\":\"k\",\"key\":\"" + pem + "\"}]}")
        .get("publicKeys[0].key");
  }

  @Test
  void aPasswordIsKeptAsItsHash() {
    StoredSettings stored = put(NONE, PASSWORD);
    assertThat(stored.json()).doesNotContain("correct");
    assertThat(stored.shown().accessPolicies().getFirst().password())
        .isEqualTo(new AccessPolicy.Password(null, 86_400));
    String hash = hash(stored);
    assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(PasswordHash.matches(hash, "correct horse battery")).isTrue();
    assertThat(PasswordHash.matches(hash, "correct horse batterz")).isFalse();
    assertThat(stored.compiled().toString()).doesNotContain("correct");
  }

  private static String hash(StoredSettings stored) {
    AccessPolicy.Password password = stored.compiled().accessPolicies().getFirst().password();
    return password == null ? "" : String.valueOf(password.value());
  }

  /** By the reference implementation. */
  @Test
  void aHashIsThatOfOthers() {
    String hash =
        "$argon2id$v=19$m=19456,t=2,p=1$cG9ydGljby1zYWx0LTAxNg"
            + "$xwOl4Ltqd0Jj6Z2KVGI4FEbxnXJRzKvdAcBeUcdAUUc";
    assertThat(PasswordHash.matches(hash, "correct horse battery")).isTrue();
  }

  @Test
  void aPasswordStaysUntilAnotherIsGiven() {
    StoredSettings first = put(NONE, PASSWORD);
    String without = PASSWORD.replace("\"value\":\"correct horse battery\"", "");
    assertThat(hash(put(first, without))).isEqualTo(hash(first));
    assertThat(hash(put(first, without.replace("{}", "{\"value\":null}")))).isEqualTo(hash(first));
    assertThat(hash(put(first, PASSWORD))).isEqualTo(hash(first));
    assertThat(hash(put(first, PASSWORD.replace("horse", "mare")))).isNotEqualTo(hash(first));
    // Of another policy it is not, and one that was gone is not known any more.
    assertThat(faults(without)).containsOnlyKeys("accessPolicies[0].password.value");
    StoredSettings gone = put(first, "{}");
    assertThat(gone.secrets()).isEmpty();
  }

  @Test
  void aFileHoldsNoPassword() {
    List<FieldError> faults = new ArrayList<>();
    SettingsFile.parse(
        "accessPolicies: [{id: a, password: {value: correct horse battery}}]"
            .getBytes(StandardCharsets.UTF_8),
        RULES,
        DeploymentSettings.ALL,
        faults);
    assertThat(faults).hasSize(1);
    assertThat(faults.getFirst().reason()).contains("is a secret");
  }

  @Test
  void aFilesPolicyHasThePasswordOfTheSameId() {
    List<FieldError> faults = new ArrayList<>();
    SettingsFile file =
        SettingsFile.parse(
            "accessPolicies: [{id: shared, password: {rememberSeconds: 300}}]"
                .getBytes(StandardCharsets.UTF_8),
            RULES,
            DeploymentSettings.ALL,
            faults);
    assertThat(faults).isEmpty();
    StoredSettings own = put(NONE, PASSWORD);
    assertThat(hash(own.with(file, SettingsContext.PRODUCTION))).isEqualTo(hash(own));
  }

  @Test
  void whatALaterReleaseSaysOfAccessIsNotTakenForNothing() {
    assertThat(put(NONE, PASSWORD).unclearAccess()).isFalse();
    for (String json :
        List.of(
            "{\"accessPolicies\":[{\"id\":\"a\",\"signedIn\":true,\"device\":\"known\"}]}",
            "{\"accessPolicies\":\"all\"}",
            "{\"previewAccess\":1}",
            "{\"defaultBehaviour\":{\"accessPolicy\":{}}}",
            "{\"behaviours\":[{\"pattern\":\"/[a]\",\"accessPolicy\":\"a\"}]}",
            "{\"behaviours\":[%s{\"pattern\":\"/b\",\"accessPolicy\":\"a\"}]}"
                .formatted("{\"pattern\":\"/a\"},".repeat(75)),
            "{\"behaviours\":[{\"pattern\":\"/a\",\"accessPolicy\":\"a\"}],"
                + "\"defaultBehaviour\":[]}")) {
      assertThat(StoredSettings.of(json, Map.of()).unclearAccess()).as(json).isTrue();
    }
  }
}
