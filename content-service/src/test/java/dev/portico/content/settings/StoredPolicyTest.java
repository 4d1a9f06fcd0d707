package dev.portico.content.settings;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.content.error.FieldError;
import dev.portico.content.error.Problem;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a shared policy may be, how settings name it, and what they do not have of it. */
class StoredPolicyTest {
  private static StoredPolicy given(String json) {
    return StoredPolicy.given("house", json.getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, String> faults(String id, String json) {
    try {
      StoredPolicy.given(id, json.getBytes(StandardCharsets.UTF_8));
      return Map.of();
    } catch (Problem problem) {
      return problem.errors().stream()
          .collect(
              Collectors.toMap(FieldError::field, FieldError::reason, (first, second) -> first));
    }
  }

  @Test
  void defaultsAreFilledInAndWhatWasGivenIsKept() {
    StoredPolicy policy = given("{\"cache\":{\"maxTtlSeconds\":60}}");
    assertThat(policy.kind()).isEqualTo(PolicyKind.CACHE);
    assertThat(policy.json()).isEqualTo("{\"cache\":{\"maxTtlSeconds\":60}}");
    CachePolicy cache = requireNonNull(policy.shown().cache());
    assertThat(cache.id()).isEqualTo("house");
    assertThat(cache.defaultTtlSeconds()).isEqualTo(60);
    assertThat(StoredPolicy.of("house", policy.json()).shown()).isEqualTo(policy.shown());
    assertThat(given("{\"kind\":\"originRequest\",\"originRequest\":{\"id\":\"house\"}}").kind())
        .isEqualTo(PolicyKind.ORIGIN_REQUEST);
    assertThat(given("{\"responseHeaders\":{},\"cache\":null}").shown().cache()).isNull();
  }

  @Test
  void everyFaultIsToldAtOnce() {
    assertThat(
            faults(
                "house",
                """
                {"cache": {"id": "hut", "maxTtlSeconds": -1, "maxTtl": 2,
                           "query": {"mode": "most"}}, "owner": "me"}\
                """))
        .containsOnlyKeys(
            "cache.id", "cache.maxTtlSeconds", "cache.maxTtl", "cache.query.mode", "owner");
    assertThat(faults("house", "{}"))
        .containsEntry("", "must have one of cache, originRequest and responseHeaders");
    assertThat(faults("house", "{\"cache\":{},\"responseHeaders\":{}}")).containsKey("");
    assertThat(faults("house", "[]")).containsKey("");
    assertThat(faults("house", "{\"kind\":\"cache\",\"responseHeaders\":{}}"))
        .containsEntry("kind", "is not that of the policy, which is responseHeaders");
    assertThat(faults("house", "{\"cache\":[]}")).containsEntry("cache", "must be an object");
  }

  @ParameterizedTest
  @CsvSource({
    "CachingDisabled,cache",
    "658327ea-f89d-4fab-a63d-7e88639e58f6,cache",
    "AllViewer,originRequest",
    "SecurityHeadersPolicy,responseHeaders",
    "-house,cache",
    "a b,originRequest",
    "'',responseHeaders"
  })
  void idsAreThoseOfASitesOwnAndNotCloudFronts(String id, String kind) {
    assertThat(faults(id, "{\"" + kind + "\":{}}")).containsOnlyKeys(kind + ".id");
  }

  @Test
  void aPolicyIsBounded() {
    // Header fields are bounded by themselves; origins of CORS are not.
    String large =
        IntStream.range(0, 80)
            .mapToObj(i -> "\"https://" + "a".repeat(60) + i + "." + "b".repeat(60) + ".example\"")
            .collect(
                Collectors.joining(
                    ",", "{\"responseHeaders\":{\"cors\":{\"allowOrigins\":[", "]}}}"));
    assertThat(large.length()).isLessThan(Limits.POLICY_BYTES);
    assertThat(given(large).kind()).isEqualTo(PolicyKind.RESPONSE_HEADERS);
    String twice =
        large.replace(".example", "." + "c".repeat(60) + "." + "d".repeat(30) + ".example");
    assertThatThrownBy(() -> given(twice))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.status()).isEqualTo(413));
    assertThatThrownBy(() -> StoredPolicy.of("house", "{\"cache\":"))
        .isInstanceOf(UncheckedIOException.class);
  }

  private static SettingsEnvironment sharing(Map<String, PolicyKind> policies) {
    return new SettingsEnvironment(
        new OriginsSettings(List.of()),
        ids -> {
          assertThat(ids).isNotEmpty();
          return policies.entrySet().stream()
              .filter(each -> ids.contains(each.getKey()))
              .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        });
  }

  private static StoredSettings settings(String json, Map<String, PolicyKind> shared) {
    return StoredSettings.none(true)
        .replacedBy(json.getBytes(StandardCharsets.UTF_8), sharing(shared));
  }

  @Test
  void settingsNameSharedPoliciesWhichSnapshotsDoNotHold() {
    StoredSettings settings =
        settings(
            """
            {"responseHeadersPolicies": [{"id": "mine"}],
             "behaviours": [
               {"pattern": "/a", "cachePolicy": "lists", "responseHeadersPolicy": "mine"},
               {"pattern": "/b", "cachePolicy": "CachingDisabled"}],
             "defaultBehaviour": {"responseHeadersPolicy": "house"}}\
            """,
            Map.of("lists", PolicyKind.CACHE, "house", PolicyKind.RESPONSE_HEADERS));
    assertThat(settings.sharedPolicies()).containsExactly("lists", "house");
    SettingsDocument compiled = settings.compiled();
    assertThat(compiled.cachePolicies()).as("CloudFront's").hasSize(1);
    assertThat(compiled.responseHeadersPolicies()).hasSize(1);
    assertThat(compiled.behaviours().getFirst().cachePolicy()).isEqualTo("lists");
    assertThat(compiled.defaultBehaviour().responseHeadersPolicy()).isEqualTo("house");
  }

  @Test
  void aSitesOwnPolicyComesFirst() {
    StoredSettings settings =
        settings(
            "{\"cachePolicies\":[{\"id\":\"lists\"}],\"defaultBehaviour\":{\"cachePolicy\":\"lists\"}}",
            Map.of("lists", PolicyKind.RESPONSE_HEADERS));
    assertThat(settings.sharedPolicies()).isEmpty();
    assertThat(settings.compiled().cachePolicies()).hasSize(1);
  }

  private static Map<String, String> settingsFaults(String json, Map<String, PolicyKind> shared) {
    try {
      settings(json, shared);
      return Map.of();
    } catch (Problem problem) {
      return problem.errors().stream()
          .collect(Collectors.toMap(FieldError::field, FieldError::reason));
    }
  }

  @Test
  void aPolicyOfAnotherKindIsNone() {
    assertThat(
            settingsFaults(
                "{\"defaultBehaviour\":{\"cachePolicy\":\"house\",\"originRequestPolicy\":\"gone\"}}",
                Map.of("house", PolicyKind.RESPONSE_HEADERS)))
        .containsOnlyKeys("defaultBehaviour.cachePolicy", "defaultBehaviour.originRequestPolicy")
        .containsEntry("defaultBehaviour.cachePolicy", "no cache policy \"house\"");
  }

  @Test
  void aDocumentNamesTenAtMost() {
    Map<String, PolicyKind> shared =
        IntStream.range(0, 11)
            .boxed()
            .collect(Collectors.toMap(i -> "p" + i, i -> PolicyKind.CACHE));
    String behaviours =
        IntStream.range(0, 11)
            .mapToObj(i -> "{\"pattern\":\"/" + i + "\",\"cachePolicy\":\"p" + i + "\"}")
            .collect(Collectors.joining(","));
    assertThat(settingsFaults("{\"behaviours\":[" + behaviours + "]}", shared))
        .containsOnlyKeys("behaviours");
    assertThat(
            settingsFaults(
                "{\"behaviours\":[" + behaviours.substring(0, behaviours.lastIndexOf(",{")) + "]}",
                shared))
        .isEmpty();
  }
}
