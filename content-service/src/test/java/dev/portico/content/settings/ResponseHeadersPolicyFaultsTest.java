package dev.portico.content.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.error.FieldError;
import dev.portico.content.error.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a response headers policy may not hold, and that each fault is told by its path. */
class ResponseHeadersPolicyFaultsTest {
  private static final String PATH = "responseHeadersPolicies[0].";

  /** Path of each fault within the policy, and its reason. */
  private static Map<String, String> faults(String fields) {
    return documentFaults("{\"responseHeadersPolicies\":[{\"id\":\"p\"," + fields + "}]}");
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
                  fault -> fault.field().replace(PATH, ""),
                  FieldError::reason,
                  (a, b) -> a + "; " + b,
                  TreeMap::new));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "contentSecurityPolicy,{},.value",
    "contentSecurityPolicy,{\"value\":\"a\\nb\"},.value",
    "frameOptions,{\"value\":\"ALLOW\"},.value",
    "frameOptions,{},.value",
    "referrerPolicy,{\"value\":\"always\"},.value",
    "contentTypeOptions,{\"override\":1},.override",
    "strictTransportSecurity,{\"maxAgeSeconds\":-1},.maxAgeSeconds",
    "strictTransportSecurity,{\"preload\":\"yes\"},.preload",
    "'xssProtection','{\"modeBlock\":true,\"reportUri\":\"/x\"}',.reportUri",
    "'xssProtection','{\"protection\":false,\"modeBlock\":true}',.modeBlock",
    "'xssProtection','{\"protection\":false,\"reportUri\":\"/x\"}',.reportUri",
    "permissionsPolicy,{},''",
  })
  void securityHeaders(String header, String json, String fault) {
    assertThat(faults("\"securityHeaders\":{\"" + header + "\":" + json + "}"))
        .containsOnlyKeys("securityHeaders." + header + fault);
  }

  @Test
  void aContentSecurityPolicyHasALength() {
    String template = "\"securityHeaders\":{\"contentSecurityPolicy\":{\"value\":\"%s\"}}";
    assertThat(faults(template.formatted("a".repeat(1783)))).isEmpty();
    assertThat(faults(template.formatted("a".repeat(1784))))
        .containsOnlyKeys("securityHeaders.contentSecurityPolicy.value");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "https://www.example.com",
        "http://localhost:3000",
        "https://*.example.org",
        "*.example.org",
        "example.org",
        "https://192.0.2.1:8443",
      })
  void origins(String origin) {
    assertThat(faults("\"cors\":{\"allowOrigins\":[\"" + origin + "\"]}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "example.*",
        "test.*.example.org",
        "exa*mple.org",
        "https://*",
        "https://example.org/",
        "https://example.org/a",
        "ftp://example.org",
        "https://example.org:0",
        "https://user@example.org",
        "https://exämple.org",
        "**.example.org",
      })
  void originsRefused(String origin) {
    assertThat(faults("\"cors\":{\"allowOrigins\":[\"" + origin + "\"]}"))
        .containsOnlyKeys("cors.allowOrigins[0]");
  }

  /** Fetch standard, section 3.3.5. */
  @Test
  void credentialsAndAStarExcludeEachOther() {
    assertThat(
            faults(
                "\"cors\":{\"allowCredentials\":true,\"allowOrigins\":[\"*\"],"
                    + "\"allowHeaders\":[\"*\"],\"exposeHeaders\":[\"*\"],"
                    + "\"allowMethods\":[\"ALL\"]}"))
        .containsOnlyKeys("cors.allowOrigins[0]", "cors.allowHeaders[0]", "cors.exposeHeaders[0]")
        .allSatisfy((path, reason) -> assertThat(reason).contains("allowCredentials"));
  }

  @ParameterizedTest
  @CsvSource({
    "'\"allowOrigins\":[]',allowOrigins",
    "'\"allowOrigins\":[\"*\",\"a.example\"]',allowOrigins[0]",
    "'\"allowOrigins\":[\"a.example\",\"a.example\"]',allowOrigins[1]",
    "'\"allowOrigins\":[\"*\"],\"allowMethods\":[\"ALL\",\"GET\"]',allowMethods[0]",
    "'\"allowOrigins\":[\"*\"],\"allowMethods\":[\"TRACE\"]',allowMethods[0]",
    "'\"allowOrigins\":[\"*\"],\"allowMethods\":[\"get\"]',allowMethods[0]",
    "'\"allowOrigins\":[\"*\"],\"allowHeaders\":[\"a b\"]',allowHeaders[0]",
    "'\"allowOrigins\":[\"*\"],\"allowHeaders\":[\"*\",\"X-A\"]',allowHeaders[0]",
    "'\"allowOrigins\":[\"*\"],\"exposeHeaders\":[\"\"]',exposeHeaders[0]",
    "'\"allowOrigins\":[\"*\"],\"maxAgeSeconds\":-1',maxAgeSeconds",
    "'\"allowOrigins\":[\"*\"],\"originOverride\":1',originOverride",
    "'\"allowOrigins\":[\"*\"],\"origins\":1',origins",
  })
  void cors(String fields, String fault) {
    assertThat(faults("\"cors\":{" + fields + "}")).containsOnlyKeys("cors." + fault);
  }

  static List<String> fixed() {
    return List.copyOf(ResponseHeaderRules.fixed());
  }

  @ParameterizedTest
  @MethodSource("fixed")
  void whatIsNeitherSetNorRemoved(String name) {
    for (String spelling : List.of(name, name.toUpperCase(Locale.ROOT))) {
      assertThat(faults("\"remove\":[\"" + spelling + "\"]").get("remove[0]"))
          .startsWith("cannot be removed: " + spelling);
      assertThat(faults("\"custom\":[{\"name\":\"" + spelling + "\"}]").get("custom[0].name"))
          .startsWith("cannot be set: " + spelling);
    }
  }

  /** CloudFront's list, against one that has lost some. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection",
        "Content-Encoding",
        "Content-Length",
        "Expect",
        "Host",
        "Keep-Alive",
        "Proxy-Authenticate",
        "Proxy-Authorization",
        "Proxy-Connection",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "Via",
        "Warning",
        "X-Accel-Buffering",
        "X-Amz-Cf-Id",
        "X-Amzn-Auth",
        "X-Cache",
        "X-Edge-Location",
        "X-Forwarded-Proto",
        "X-Real-Ip",
      })
  void whatCloudFrontDoesNotRemove(String name) {
    assertThat(faults("\"remove\":[\"" + name + "\"]")).containsOnlyKeys("remove[0]");
  }

  @Test
  void whatIsRemoved() {
    assertThat(
            faults(
                "\"remove\":[\"X-Powered-By\",\"Vary\",\"Server\",\"Date\",\"Permissions-Policy\"]"))
        .isEmpty();
    assertThat(faults("\"remove\":[\"a b\",\"X-A\",\"x-a\"]"))
        .containsOnlyKeys("remove[0]", "remove[2]");
    String names =
        IntStream.range(0, 21).mapToObj(i -> "\"n" + i + '"').collect(Collectors.joining(","));
    assertThat(faults("\"remove\":[" + names + "]")).containsOnlyKeys("remove");
  }

  @ParameterizedTest
  @CsvSource({
    "X-Frame-Options,belongs to securityHeaders",
    "content-security-policy,belongs to securityHeaders",
    "Access-Control-Allow-Origin,belongs to cors",
    "Server-Timing,belongs to serverTiming",
    "Vary,cannot be set: Vary is said by origins and the gateway",
    "Date,cannot be set: Date is said by the gateway",
    "a b,is no name of a header field of at most 256 characters",
    "'',is required",
  })
  void customNames(String name, String reason) {
    assertThat(faults("\"custom\":[{\"name\":\"" + name + "\",\"value\":\"v\"}]"))
        .containsExactly(Map.entry("custom[0].name", reason));
  }

  @Test
  void customHeadersAreLimited() {
    assertThat(faults("\"custom\":" + custom(10, "v"))).isEmpty();
    assertThat(faults("\"custom\":" + custom(11, "v"))).containsOnlyKeys("custom");
    assertThat(faults("\"custom\":" + custom(1, "v".repeat(1783)))).isEmpty();
    assertThat(faults("\"custom\":" + custom(1, ""))).isEmpty();
    assertThat(faults("\"custom\":" + custom(1, "v".repeat(1784))))
        .containsExactly(
            Map.entry(
                "custom[0].value",
                "must be up to 1783 visible ASCII characters, with spaces and tabs between them"));
    assertThat(faults("\"custom\":" + custom(10, "v".repeat(1022)))).isEmpty();
    assertThat(faults("\"custom\":" + custom(10, "v".repeat(1023))))
        .containsEntry("custom", "has names and values of 10250 characters, more than 10240");
    assertThat(faults("\"custom\":[{\"name\":\"X-A\"},{\"name\":\"x-a\"}]"))
        .containsExactly(Map.entry("custom[1].name", "is there twice"));
    assertThat(faults("\"custom\":[{\"name\":\"X-A\",\"value\":\"a\\r\\nb\"}]"))
        .containsOnlyKeys("custom[0].value");
  }

  private static String custom(int count, String value) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"name\":\"n" + i + "\",\"value\":\"" + value + "\"}")
        .collect(Collectors.joining(",", "[", "]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "100", "12.5", "0.0001", "1e1"})
  void shares(String rate) {
    assertThat(faults("\"serverTiming\":{\"enabled\":true,\"samplingRate\":" + rate + "}"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "100.1", "0.00001", "\"1\"", "true"})
  void sharesRefused(String rate) {
    assertThat(faults("\"serverTiming\":{\"samplingRate\":" + rate + "}"))
        .containsExactly(
            Map.entry(
                "serverTiming.samplingRate",
                "must be a number from 0 to 100 with at most 4 decimals"));
  }

  @Test
  void referencesAndIds() {
    assertThat(
            documentFaults(
                "{\"responseHeadersPolicies\":[{\"id\":\"a\"},{\"id\":\"a\"},"
                    + "{\"id\":\"SimpleCORS\"}],"
                    + "\"behaviours\":[{\"pattern\":\"/a\",\"responseHeadersPolicy\":\"b\"}],"
                    + "\"defaultBehaviour\":{\"responseHeadersPolicy\":\"CachingDisabled\"}}"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "responseHeadersPolicies[1].id",
                "is there twice",
                "responseHeadersPolicies[2].id",
                "is that of a managed response headers policy of CloudFront",
                "behaviours[0].responseHeadersPolicy",
                "no response headers policy \"b\"",
                "defaultBehaviour.responseHeadersPolicy",
                "no response headers policy \"CachingDisabled\""));
  }
}
