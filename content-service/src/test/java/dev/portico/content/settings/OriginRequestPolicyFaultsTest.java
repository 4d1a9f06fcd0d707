package dev.portico.content.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.error.FieldError;
import dev.portico.content.error.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an origin request policy may not hold, and that each fault is told by its path. */
class OriginRequestPolicyFaultsTest {
  private static Map<String, String> faults(String fields) {
    return documentFaults("{\"originRequestPolicies\":[{\"id\":\"p\"," + fields + "}]}");
  }

  private static Map<String, String> documentFaults(String json) {
    try {
      StoredSettings.none(true)
          .replacedBy(
              json.getBytes(StandardCharsets.UTF_8),
              new SettingsEnvironment(new OriginsSettings(List.of()), SharedPolicies.NONE));
      return Map.of();
    } catch (Problem problem) {
      return problem.errors().stream()
          .collect(
              Collectors.toMap(
                  fault -> fault.field().replace("originRequestPolicies[0].", ""),
                  FieldError::reason,
                  (a, b) -> a + "; " + b,
                  TreeMap::new));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"headers\":{\"mode\":\"all\"}",
        "\"headers\":{\"mode\":\"all-except\",\"names\":[\"Host\",\"Authorization\"]}",
        "\"headers\":{\"mode\":\"only\",\"names\":[\"Host\",\"Origin\",\"User-Agent\"]}",
        "\"cookies\":{\"mode\":\"all\"}",
        "\"query\":{\"mode\":\"all-except\",\"names\":[\"utm_source\"]}",
        "\"viewerFacts\":[\"CloudFront-Viewer-Address\",\"cloudfront-is-mobile-viewer\"]",
      })
  void right(String fields) {
    assertThat(faults(fields)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Authorization,cache key",
    "Cookie,choose cookies",
    "CloudFront-Viewer-Address,belongs to viewerFacts",
    "Connection,about one connection",
    "Content-Length,decides where a message ends",
    "X-Forwarded-For,the way of a request",
    "Accept-Encoding,set by the cache",
    "If-None-Match,set by the cache",
    "a b,no name of a header field",
  })
  void fieldsThatCannotBeNamed(String name, String reason) {
    assertThat(faults("\"headers\":{\"mode\":\"only\",\"names\":[\"" + name + "\"]}"))
        .containsOnlyKeys("headers.names[0]")
        .allSatisfy((path, told) -> assertThat(told).contains(reason));
  }

  @ParameterizedTest
  @CsvSource({
    "'\"headers\":{\"mode\":\"some\"}',headers.mode",
    "'\"headers\":{\"mode\":\"only\"}',headers.names",
    "'\"cookies\":{\"mode\":\"only\",\"names\":[\"a=b\"]}',cookies.names[0]",
    "'\"query\":{\"mode\":\"only\",\"names\":[\"a&b\"]}',query.names[0]",
    "'\"viewerFacts\":[\"CloudFront-Forwarded-Proto\",\"cloudfront-forwarded-proto\"]',"
        + "viewerFacts[1]",
    "'\"facts\":[]',facts",
  })
  void wrong(String fields, String path) {
    assertThat(faults(fields)).containsOnlyKeys(path);
  }

  /** What a gateway cannot know is refused, with the reason. */
  @ParameterizedTest
  @CsvSource({
    "CloudFront-Viewer-Country,no table of where addresses are",
    "CloudFront-Viewer-City,no table of where addresses are",
    "CloudFront-Viewer-ASN,no table of where addresses are",
    "CloudFront-Viewer-JA3-Fingerprint,nothing of a viewer's ClientHello",
    "CloudFront-Viewer-Header-Order,nothing of a viewer's ClientHello",
    "CloudFront-Is-Fridge-Viewer,there are CloudFront-Forwarded-Proto",
    "User-Agent,there are CloudFront-Forwarded-Proto",
  })
  void factsThatAreNotKnown(String name, String reason) {
    assertThat(faults("\"viewerFacts\":[\"" + name + "\"]"))
        .containsOnlyKeys("viewerFacts[0]")
        .allSatisfy((path, told) -> assertThat(told).contains(reason));
  }

  @Test
  void referencesAndIds() {
    assertThat(
            documentFaults(
                "{\"originRequestPolicies\":[{\"id\":\"a\"},{\"id\":\"a\"},{\"id\":\"AllViewer\"}],"
                    + "\"behaviours\":[{\"pattern\":\"/a\",\"originRequestPolicy\":\"b\"}],"
                    + "\"defaultBehaviour\":{\"originRequestPolicy\":\"SimpleCORS\"}}"))
        .containsOnlyKeys(
            "originRequestPolicies[1].id",
            "originRequestPolicies[2].id",
            "behaviours[0].originRequestPolicy",
            "defaultBehaviour.originRequestPolicy");
  }
}
