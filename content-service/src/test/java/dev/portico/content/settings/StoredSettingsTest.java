package dev.portico.content.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.content.error.FieldError;
import dev.portico.content.error.Problem;
import dev.portico.content.settings.Origin.Failover;
import dev.portico.content.settings.Origin.Header;
import dev.portico.content.settings.Origin.Probe;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of a document, what is shown of it, and what gateways are told. */
class StoredSettingsTest {
  private static final SettingsEnvironment RULES =
      new SettingsEnvironment(new OriginsSettings(List.of()), SharedPolicies.NONE);
  private static final StoredSettings NONE = StoredSettings.none(true);

  private static StoredSettings put(StoredSettings before, String json) {
    return before.replacedBy(json.getBytes(StandardCharsets.UTF_8), RULES);
  }

  private static StoredSettings restored(StoredSettings settings) {
    return StoredSettings.of(settings.json(), settings.secrets());
  }

  private static String withHeader(String origin, String header) {
    return "{\"origins\":[{%s,\"headers\":[{%s}]}]}".formatted(origin, header);
  }

  @Test
  void theConventionsOfCloudflarePagesHaveOtherDefaults() {
    SettingsDocument pages =
        put(NONE, "{\"files\":{\"conventions\":\"cloudflare-pages\"}}").shown();
    assertThat(pages.files()).isEqualTo(new FileHandling(true, "page-or-spa", "cloudflare-pages"));
    assertThat(pages.immutableAssets()).isFalse();
    SettingsDocument said =
        put(
                NONE,
                "{\"immutableAssets\":true,\"files\":{\"conventions\":\"cloudflare-pages\","
                    + "\"pretty\":false,\"notFound\":\"page\"}}")
            .shown();
    assertThat(said.files()).isEqualTo(new FileHandling(false, "page", "cloudflare-pages"));
    assertThat(said.immutableAssets()).isTrue();
  }

  @Test
  void anEmptyDocumentHasAllDefaults() {
    SettingsDocument defaults =
        new SettingsDocument(
            true,
            86_400,
            new FileHandling(false, "page", "portico"),
            null,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            new DefaultBehaviour(
                null,
                "allow-all",
                null,
                null,
                null,
                null,
                List.of("GET", "HEAD"),
                List.of("GET", "HEAD"),
                false,
                List.of()),
            new ApiAccess(false, List.of()),
            List.of(),
            null,
            List.of(),
            List.of(),
            new SignIn(null, null, null),
            new DeploymentSettings("all", List.of()));
    assertThat(put(NONE, "{}").shown()).isEqualTo(defaults);
    assertThat(NONE.shown()).isEqualTo(defaults);
    assertThat(NONE.compiled()).isEqualTo(defaults);
    assertThat(StoredSettings.none(false).shown().immutableAssets()).isFalse();
    assertThat(
            put(
                    NONE,
                    "{\"immutableAssets\":null,\"origins\":null,\"cachePolicies\":null,"
                        + "\"behaviours\":null,\"defaultBehaviour\":null}")
                .shown())
        .isEqualTo(defaults);
  }

  /** Generated clients send one for an absent one. */
  @Test
  void anEmptyListOfMethodsIsTheDefault() {
    SettingsDocument shown =
        put(
                NONE,
                "{\"behaviours\":[{\"pattern\":\"/a\",\"allowedMethods\":[]}],"
                    + "\"defaultBehaviour\":{\"allowedMethods\":[]}}")
            .shown();
    assertThat(shown.behaviours().getFirst().allowedMethods()).containsExactly("GET", "HEAD");
    assertThat(shown.defaultBehaviour().allowedMethods()).containsExactly("GET", "HEAD");
  }

  @Test
  void defaultsOfAnOrigin() {
    Origin expected =
        new Origin(
            "api",
            "https",
            "api.example.com",
            443,
            "",
            "1.1",
            5,
            30,
            60,
            0,
            2,
            List.of(),
            true,
            new OriginBreaker(5, 10),
            null,
            null);
    assertThat(put(NONE, "{\"origins\":[{\"id\":\"api\",\"host\":\"API.example.com\"}]}").shown())
        .isEqualTo(put(NONE, "{}").shown().withOrigins(List.of(expected)));
    SettingsDocument plain =
        put(
                NONE,
                "{\"origins\":[{\"id\":\"a\",\"host\":\"a.example\",\"protocol\":\"http\","
                    + "\"probe\":{\"path\":\"/\"},\"failover\":{\"origin\":\"b\"}},"
                    + "{\"id\":\"b\",\"host\":\"b.example\"}]}")
            .shown();
    assertThat(plain.origins().getFirst().port()).isEqualTo(80);
    assertThat(plain.origins().getFirst().probe()).isEqualTo(new Probe("/", 10));
    assertThat(plain.origins().getFirst().failover())
        .isEqualTo(new Failover("b", List.of(500, 502, 503, 504)));
  }

  @Test
  void defaultsOfACachePolicy() {
    assertThat(put(NONE, "{\"cachePolicies\":[{\"id\":\"p\"}]}").shown().cachePolicies())
        .containsExactly(
            new CachePolicy(
                "p",
                0,
                86_400,
                31_536_000,
                false,
                KeySelection.NONE,
                KeySelection.NONE,
                KeySelection.NONE,
                false,
                true,
                true,
                Map.of(),
                false));
  }

  /** As CloudFront's: what is not given gives way to what is. */
  @ParameterizedTest
  @CsvSource({
    "'\"minTtlSeconds\":100000',100000,100000,31536000",
    "'\"maxTtlSeconds\":60',0,60,60",
    "'\"minTtlSeconds\":40000000',40000000,40000000,40000000",
    "'\"minTtlSeconds\":5,\"defaultTtlSeconds\":7,\"maxTtlSeconds\":9',5,7,9",
  })
  void defaultTimesGiveWayToThoseGiven(String fields, long least, long normal, long most) {
    CachePolicy policy =
        put(NONE, "{\"cachePolicies\":[{\"id\":\"p\"," + fields + "}]}")
            .shown()
            .cachePolicies()
            .getFirst();
    assertThat(List.of(policy.minTtlSeconds(), policy.defaultTtlSeconds(), policy.maxTtlSeconds()))
        .containsExactly(least, normal, most);
  }

  @Test
  void whatIsKeptIsWhatWasGivenSoThatDefaultsCanImprove() {
    String given = "{\"origins\":[{\"id\":\"a\",\"host\":\"A.example\",\"attempts\":null}]}";
    StoredSettings kept = put(NONE, given);
    assertThat(kept.json()).isEqualTo(given);
    assertThat(restored(kept).shown()).isEqualTo(kept.shown());
  }

  @Test
  void valuesOfHeadersAreNeitherKeptInTheDocumentNorShown() {
    StoredSettings kept =
        put(
            NONE,
            withHeader("\"id\":\"a\",\"host\":\"a.example\"", "\"name\":\"X\",\"value\":\"s3c\""));
    assertThat(kept.json()).doesNotContain("s3c").contains("{\"name\":\"X\"}");
    assertThat(kept.shown().toString()).doesNotContain("s3c");
    assertThat(restored(kept).shown()).isEqualTo(kept.shown());
    assertThat(kept.secrets().values()).containsExactly("s3c");
  }

  @Test
  void aValueThatIsLeftOutIsKept() {
    String origin = "\"id\":\"a\",\"host\":\"a.example\"";
    StoredSettings first = put(NONE, withHeader(origin, "\"name\":\"X-Key\",\"value\":\"s3c\""));
    for (String header : List.of("\"name\":\"x-key\"", "\"name\":\"X-Key\",\"value\":null")) {
      StoredSettings second = put(restored(first), withHeader(origin, header));
      assertThat(second.secrets().values()).containsExactly("s3c");
    }
    StoredSettings changed = put(first, withHeader(origin, "\"name\":\"X-Key\",\"value\":\"new\""));
    assertThat(changed.secrets().values()).containsExactly("new");
    assertThat(put(changed, "{\"origins\":[{" + origin + "}]}").secrets()).isEmpty();
  }

  /** Else whoever may change a site could have the gateway tell them its secrets. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"id\":\"a\",\"host\":\"b.example\"",
        "\"id\":\"b\",\"host\":\"a.example\"",
        "\"id\":\"a\",\"host\":\"a.example\",\"protocol\":\"http\",\"port\":443",
        "\"id\":\"a\",\"host\":\"a.example\",\"port\":8443",
      })
  void aValueIsNotKeptForAnotherServer(String origin) {
    StoredSettings first =
        put(
            NONE,
            withHeader("\"id\":\"a\",\"host\":\"a.example\"", "\"name\":\"X\",\"value\":\"s3c\""));
    assertThatThrownBy(() -> put(first, withHeader(origin, "\"name\":\"X\"")))
        .isInstanceOfSatisfying(
            Problem.class,
            problem ->
                assertThat(problem.errors())
                    .extracting(FieldError::field)
                    .containsExactly("origins[0].headers[0].value"));
  }

  @Test
  void compiledAreAllOriginsAndThePoliciesThatAreReferredTo() {
    SettingsDocument compiled =
        restored(
                put(
                    NONE,
                    """
                    {"origins": [
                       {"id": "forRules", "host": "u.example"},
                       {"id": "second", "host": "s.example"},
                       {"id": "api", "host": "a.example", "failover": {"origin": "second"},
                        "headers": [{"name": "X-Key", "value": "s3c"}]}],
                     "cachePolicies": [{"id": "unused"}, {"id": "own"}],
                     "behaviours": [
                       {"pattern": "/a", "origin": "api", "cachePolicy": "CachingOptimized"},
                       {"pattern": "/b", "origin": "api", "cachePolicy": "own"},
                       {"pattern": "/c", "origin": "api",
                        "cachePolicy": "658327ea-f89d-4fab-a63d-7e88639e58f6"}]}\
                    """))
            .compiled();
    assertThat(compiled.origins())
        .extracting(Origin::id)
        .containsExactly("forRules", "second", "api");
    assertThat(compiled.origins().getLast().headers()).containsExactly(new Header("X-Key", "s3c"));
    assertThat(compiled.cachePolicies())
        .extracting(CachePolicy::id)
        .containsExactly("658327ea-f89d-4fab-a63d-7e88639e58f6", "own");
    assertThat(compiled.behaviours())
        .extracting(Behaviour::cachePolicy)
        .containsExactly(
            "658327ea-f89d-4fab-a63d-7e88639e58f6", "own", "658327ea-f89d-4fab-a63d-7e88639e58f6");
  }

  @Test
  void theManagedPoliciesOfCloudFront() {
    for (ManagedIndex.Managed<CachePolicy> managed : ManagedPolicies.all()) {
      for (String reference :
          List.of(managed.name(), "Managed-" + managed.name(), managed.policy().id())) {
        SettingsDocument compiled =
            put(NONE, "{\"defaultBehaviour\":{\"cachePolicy\":\"" + reference + "\"}}").compiled();
        assertThat(compiled.cachePolicies()).containsExactly(managed.policy());
        assertThat(compiled.defaultBehaviour().cachePolicy()).isEqualTo(managed.policy().id());
      }
    }
    assertThat(ManagedPolicies.all())
        .extracting(ManagedIndex.Managed::name)
        .containsExactly(
            "CachingOptimized",
            "CachingOptimizedForUncompressedObjects",
            "CachingDisabled",
            "Amplify",
            "Elemental-MediaPackage",
            "UseOriginCacheControlHeaders",
            "UseOriginCacheControlHeaders-QueryStrings");
  }

  @Test
  void defaultsOfAResponseHeadersPolicy() {
    ResponseHeadersPolicy bare = policy("{\"id\":\"p\",\"custom\":[{\"name\":\"X-A\"}]}");
    assertThat(bare)
        .isEqualTo(
            new ResponseHeadersPolicy(
                "p",
                null,
                null,
                List.of(new ResponseHeadersPolicy.CustomHeader("X-A", "", true)),
                List.of(),
                new ResponseHeadersPolicy.ServerTiming(false, 0)));
    assertThat(
            policy("{\"id\":\"p\",\"cors\":{\"allowOrigins\":[\"*\"],\"allowMethods\":[]}}").cors())
        .isEqualTo(
            new ResponseHeadersPolicy.Cors(
                false, List.of(), List.of("GET", "HEAD"), List.of("*"), List.of(), 600, true));
    assertThat(
            policy(
                    "{\"id\":\"p\",\"securityHeaders\":{\"strictTransportSecurity\":{},"
                        + "\"xssProtection\":{},\"contentTypeOptions\":{}}}")
                .securityHeaders())
        .isEqualTo(
            new ResponseSecurityHeaders(
                null,
                new ResponseSecurityHeaders.ContentTypeOptions(true),
                null,
                null,
                new ResponseSecurityHeaders.StrictTransportSecurity(31_536_000, false, false, true),
                new ResponseSecurityHeaders.XssProtection(true, false, null, true)));
  }

  private static ResponseHeadersPolicy policy(String json) {
    return put(NONE, "{\"responseHeadersPolicies\":[" + json + "]}")
        .shown()
        .responseHeadersPolicies()
        .getFirst();
  }

  @Test
  void theManagedResponseHeadersPoliciesOfCloudFront() {
    for (ManagedIndex.Managed<ResponseHeadersPolicy> managed : ManagedResponsePolicies.all()) {
      for (String reference :
          List.of(managed.name(), "Managed-" + managed.name(), managed.policy().id())) {
        SettingsDocument compiled =
            put(NONE, "{\"defaultBehaviour\":{\"responseHeadersPolicy\":\"" + reference + "\"}}")
                .compiled();
        assertThat(compiled.responseHeadersPolicies()).containsExactly(managed.policy());
        assertThat(compiled.defaultBehaviour().responseHeadersPolicy())
            .isEqualTo(managed.policy().id());
      }
    }
    assertThat(ManagedResponsePolicies.all())
        .extracting(ManagedIndex.Managed::name)
        .containsExactly(
            "SimpleCORS",
            "CORS-With-Preflight",
            "SecurityHeadersPolicy",
            "CORS-and-SecurityHeadersPolicy",
            "CORS-with-preflight-and-SecurityHeadersPolicy");
  }

  @Test
  void theManagedOriginRequestPoliciesOfCloudFront() {
    for (ManagedIndex.Managed<OriginRequestPolicy> managed : ManagedOriginRequestPolicies.all()) {
      for (String reference :
          List.of(managed.name(), "Managed-" + managed.name(), managed.policy().id())) {
        SettingsDocument compiled =
            put(NONE, "{\"defaultBehaviour\":{\"originRequestPolicy\":\"" + reference + "\"}}")
                .compiled();
        assertThat(compiled.originRequestPolicies()).containsExactly(managed.policy());
        assertThat(compiled.defaultBehaviour().originRequestPolicy())
            .isEqualTo(managed.policy().id());
      }
    }
    assertThat(ManagedOriginRequestPolicies.all())
        .extracting(ManagedIndex.Managed::name)
        .containsExactly(
            "AllViewer",
            "AllViewerExceptHostHeader",
            "AllViewerAndCloudFrontHeaders-2022-06",
            "CORS-CustomOrigin",
            "CORS-S3Origin",
            "UserAgentRefererHeaders");
    assertThat(
            put(NONE, "{\"originRequestPolicies\":[{\"id\":\"p\"}]}")
                .shown()
                .originRequestPolicies())
        .containsExactly(
            new OriginRequestPolicy(
                "p", KeySelection.NONE, KeySelection.NONE, KeySelection.NONE, List.of()));
  }

  /** An earlier release reads what a later one accepted. */
  @Test
  void whatIsStoredIsReadLeniently() {
    StoredSettings read =
        StoredSettings.of(
            "{\"later\":1,\"origins\":[{\"id\":\"a\",\"host\":\"a.example\",\"attempts\":9,"
                + "\"later\":{}}]}",
            Map.of());
    assertThat(read.shown().origins()).hasSize(1);
    assertThat(read.shown().origins().getFirst().attempts()).isEqualTo(2);
    assertThatThrownBy(() -> StoredSettings.of("{", Map.of()))
        .isInstanceOf(UncheckedIOException.class);
  }
}
