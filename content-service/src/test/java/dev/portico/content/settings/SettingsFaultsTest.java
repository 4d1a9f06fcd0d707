package dev.portico.content.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/** What a document of settings may not hold, and that each fault is told by its path. */
class SettingsFaultsTest {
  private static final SettingsEnvironment RULES =
      new SettingsEnvironment(new OriginsSettings(List.of()), SharedPolicies.NONE);
  private static final String ORIGIN = "{\"id\":\"api\",\"host\":\"api.example.com\"%s}";
  private static final String POLICY = "{\"id\":\"short\"%s}";

  private static StoredSettings accept(String json) {
    return StoredSettings.none(true).replacedBy(json.getBytes(StandardCharsets.UTF_8), RULES);
  }

  /** Path of each fault, and its reason. */
  private static Map<String, String> faults(String json) {
    try {
      accept(json);
      return Map.of();
    } catch (Problem problem) {
      assertThat(problem.status()).as(problem.detail()).isEqualTo(400);
      assertThat(problem.slug()).isEqualTo("validation");
      return problem.errors().stream()
          .collect(
              Collectors.toMap(
                  FieldError::field, FieldError::reason, (a, b) -> a + "; " + b, TreeMap::new));
    }
  }

  private static String origins(String... origins) {
    return "{\"origins\":[" + String.join(",", origins) + "]}";
  }

  private static String policies(String... policies) {
    return "{\"cachePolicies\":[" + String.join(",", policies) + "]}";
  }

  private static String behaviours(String... behaviours) {
    return "{\"behaviours\":[" + String.join(",", behaviours) + "]}";
  }

  private static String many(int count, String template) {
    return IntStream.range(0, count)
        .mapToObj(i -> template.replace("%d", Integer.toString(i)))
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Test
  void everyFaultIsToldAtOnce() {
    assertThat(
            faults(
                """
                {"immutableAssets": 1, "orgins": [],
                 "origins": [{"id": "a", "host": "a.example", "hots": "x", "attempts": 4}],
                 "cachePolicies": [{"id": "p", "query": {"mode": "most"}}],
                 "behaviours": [{"pattern": "/a", "origin": "b"}, {"origin": "a"}],
                 "defaultBehaviour": {"cachePolicy": "q", "methods": []}}\
                """))
        .containsOnlyKeys(
            "immutableAssets",
            "orgins",
            "origins[0].hots",
            "origins[0].attempts",
            "cachePolicies[0].query.mode",
            "behaviours[0].origin",
            "behaviours[1].pattern",
            "defaultBehaviour.cachePolicy",
            "defaultBehaviour.methods")
        .containsEntry("behaviours[0].origin", "no origin \"b\"")
        .containsEntry("behaviours[1].pattern", "is required")
        .containsEntry("origins[0].attempts", "must be a whole number from 1 to 3");
  }

  @Test
  void whatIsRequiredIsNotEmpty() {
    assertThat(
            faults(
                """
                {"origins": [{"id": "", "host": "", "headers": [{"name": "", "value": "v"}],
                              "probe": {"path": ""}, "failover": {"origin": ""}},
                             {"id": 1, "host": []}],
                 "cachePolicies": [{"id": ""}], "behaviours": [{"pattern": ""}]}\
                """))
        .containsOnlyKeys(
            "origins[0].id",
            "origins[0].host",
            "origins[0].headers[0].name",
            "origins[0].probe.path",
            "origins[0].failover.origin",
            "origins[1].id",
            "origins[1].host",
            "cachePolicies[0].id",
            "behaviours[0].pattern")
        .containsEntry("origins[0].id", "is required")
        .containsEntry("origins[1].id", "must be text");
  }

  @Test
  void anUnknownFieldIsToldWithThoseThatThereAre() {
    assertThat(faults("{\"imutableAssets\":true}"))
        .containsEntry(
            "imutableAssets",
            "is unknown; there are files, immutableAssets, earlierAssetsSeconds, defaultRootObject,"
                + " origins, cachePolicies, originRequestPolicies, responseHeadersPolicies,"
                + " behaviours, defaultBehaviour, api, accessPolicies, previewAccess, publicKeys,"
                + " keyGroups, signIn, deploymentSettings");
    assertThat(faults("{\"files\":{\"pretty\":1,\"notFound\":\"app\"}}"))
        .containsOnlyKeys("files.pretty", "files.notFound");
    assertThat(faults(origins(ORIGIN.formatted(",\"breaker\":{\"opens\":1}"))))
        .containsOnlyKeys("origins[0].breaker.opens");
  }

  @Test
  void whatDeploymentsMaySettleIsNamedByKeysThatThereAre() {
    assertThat(faults("{\"deploymentSettings\":{\"mode\":\"some\"}}"))
        .containsOnlyKeys("deploymentSettings.mode");
    assertThat(faults("{\"deploymentSettings\":{\"mode\":\"only\"}}"))
        .containsEntry("deploymentSettings.names", "must name something with this mode");
    assertThat(faults("{\"deploymentSettings\":{\"names\":[\"files\"]}}"))
        .containsEntry("deploymentSettings.names", "needs a mode for it");
    assertThat(
            faults(
                "{\"deploymentSettings\":{\"mode\":\"all-except\",\"names\":[\"files\",\"file\","
                    + "\"files\",\"deploymentSettings\"]}}"))
        .containsOnlyKeys(
            "deploymentSettings.names[1]",
            "deploymentSettings.names[2]",
            "deploymentSettings.names[3]");
    assertThat(faults("{\"deploymentSettings\":{\"mode\":\"none\"}}")).isEmpty();
  }

  @Test
  void aViewersProtocolIsOneOfThree() {
    for (String right : List.of("allow-all", "redirect-to-https", "https-only")) {
      assertThat(faults(behaviours("{\"pattern\":\"/a\",\"viewerProtocol\":\"" + right + "\"}")))
          .isEmpty();
    }
    assertThat(faults(behaviours("{\"pattern\":\"/a\",\"viewerProtocol\":\"https\"}")))
        .containsEntry(
            "behaviours[0].viewerProtocol",
            "must be one of allow-all, redirect-to-https, https-only");
    assertThat(faults("{\"defaultBehaviour\":{\"viewerProtocol\":1}}"))
        .containsEntry("defaultBehaviour.viewerProtocol", "must be text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CloudFront-Viewer-Country", "cloudfront-is-mobile-viewer"})
  void factsAboutViewersAreInNoCacheKey(String name) {
    String headers = "\"headers\":{\"mode\":\"only\",\"names\":[\"X-A\",\"" + name + "\"]}";
    assertThat(faults(policies("{\"id\":\"p\"," + headers + "}")))
        .containsOnlyKeys("cachePolicies[0].headers.names[1]")
        .allSatisfy((path, told) -> assertThat(told).contains("viewerFacts", "Vary"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"index.html", "a/b%20c.html", "v1/", "~home"})
  void rootObjects(String object) {
    assertThat(faults("{\"defaultRootObject\":\"" + object + "\"}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/index.html", "a?b", "../a", "a b", "a#b", "%zz"})
  void rootObjectsRefused(String object) {
    assertThat(faults("{\"defaultRootObject\":\"" + object + "\"}"))
        .containsOnlyKeys("defaultRootObject");
  }

  @ParameterizedTest
  @CsvSource({
    "'',true",
    "'\"GET\",\"HEAD\"',true",
    "'\"HEAD\",\"GET\",\"OPTIONS\"',true",
    "'\"GET\"',false",
    "'\"GET\",\"HEAD\",\"POST\"',false",
    "'\"GET\",\"HEAD\",\"HEAD\"',false",
    "'\"OPTIONS\"',false",
  })
  void cachedMethodsAreCloudFronts(String methods, boolean right) {
    String json =
        "{\"defaultBehaviour\":{\"allowedMethods\":[\"GET\",\"HEAD\",\"OPTIONS\"],"
            + "\"cachedMethods\":["
            + methods
            + "]}}";
    if (right) {
      assertThat(faults(json)).isEmpty();
    } else {
      assertThat(faults(json)).containsOnlyKeys("defaultBehaviour.cachedMethods");
    }
  }

  @Test
  void whatIsCachedIsAllowed() {
    assertThat(faults("{\"defaultBehaviour\":{\"cachedMethods\":[\"GET\",\"HEAD\",\"OPTIONS\"]}}"))
        .containsEntry(
            "defaultBehaviour.cachedMethods", "has OPTIONS, which is not among allowedMethods");
  }

  @Test
  void aFloodOfFaultsIsCut() {
    String unknown =
        IntStream.range(0, 500).mapToObj(i -> "\"x" + i + "\":1").collect(Collectors.joining(","));
    assertThat(faults("{" + unknown + "}")).hasSize(Faults.MOST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "{", "{} {}", "{\"origins\":[],\"origins\":[]}"})
  void whatIsNoJsonIsMalformed(String json) {
    if (json.isEmpty()) {
      assertThat(faults(json)).containsEntry("", "must be an object");
      return;
    }
    assertThatThrownBy(() -> accept(json))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.slug()).isEqualTo("malformed-json"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "1", "\"x\""})
  void aDocumentIsAnObject(String json) {
    assertThat(faults(json)).containsEntry("", "must be an object");
  }

  @ParameterizedTest
  @CsvSource({
    "origins,25,'{\"id\":\"o%d\",\"host\":\"a.example\"}'",
    "cachePolicies,20,'{\"id\":\"p%d\"}'",
    "originRequestPolicies,20,'{\"id\":\"p%d\"}'",
    "responseHeadersPolicies,20,'{\"id\":\"p%d\"}'",
    "behaviours,75,'{\"pattern\":\"/%d\"}'",
  })
  void listsAreLimited(String list, int most, String template) {
    assertThat(faults("{\"" + list + "\":" + many(most, template) + "}")).isEmpty();
    assertThat(faults("{\"" + list + "\":" + many(most + 1, template) + "}"))
        .containsEntry(list, "has " + (most + 1) + " elements, more than " + most);
  }

  @ParameterizedTest
  @CsvSource({
    "port,1024,65535",
    "connectTimeoutSeconds,1,10",
    "firstByteTimeoutSeconds,1,120",
    "idleTimeoutSeconds,1,3600",
    "requestTimeoutSeconds,0,86400",
    "attempts,1,3",
  })
  void numbersOfAnOriginHaveTheirRanges(String field, int least, int most) {
    String path = "origins[0]." + field;
    for (int number : new int[] {least, most}) {
      assertThat(faults(origins(ORIGIN.formatted(",\"" + field + "\":" + number)))).isEmpty();
    }
    for (String wrong : List.of("-1", String.valueOf(most + 1), "1.5", "1e2", "\"1\"", "true")) {
      assertThat(faults(origins(ORIGIN.formatted(",\"" + field + "\":" + wrong))))
          .as(wrong)
          .containsOnlyKeys(path);
    }
    if (least > 0) {
      assertThat(faults(origins(ORIGIN.formatted(",\"" + field + "\":" + (least - 1)))))
          .containsOnlyKeys(path);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "breaker,failures,1,1000",
    "breaker,openSeconds,1,3600",
    "probe,intervalSeconds,1,3600",
  })
  void numbersWithinAnOriginHaveTheirRanges(String object, String field, int least, int most) {
    String more = object.equals("probe") ? "\"path\":\"/\"," : "";
    String template = ",\"" + object + "\":{" + more + "\"" + field + "\":%d}";
    for (int number : new int[] {least, most}) {
      assertThat(faults(origins(ORIGIN.formatted(template.formatted(number))))).isEmpty();
    }
    for (int number : new int[] {least - 1, most + 1}) {
      assertThat(faults(origins(ORIGIN.formatted(template.formatted(number)))))
          .containsOnlyKeys("origins[0]." + object + "." + field);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 443, 1024})
  void portsOfHttpAreAllowed(int port) {
    assertThat(faults(origins(ORIGIN.formatted(",\"port\":" + port)))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 22, 25, 79, 81, 444, 1023})
  void portsOfOtherProtocolsAreRefused(int port) {
    assertThat(faults(origins(ORIGIN.formatted(",\"port\":" + port))))
        .containsEntry("origins[0].port", "must be 80, 443 or from 1024 to 65535");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/v2", "/a/b%20c", "/~me/x;y=1", "/..."})
  void pathPrefixes(String prefix) {
    assertThat(faults(origins(ORIGIN.formatted(",\"pathPrefix\":\"" + prefix + "\"")))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "v2", "/v2/", "//v2", "/a//b", "/a?b", "/a#b", "/a b", "/%zz", "/../a"})
  void pathPrefixesRefused(String prefix) {
    assertThat(faults(origins(ORIGIN.formatted(",\"pathPrefix\":\"" + prefix + "\""))))
        .containsOnlyKeys("origins[0].pathPrefix");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/%2e%2E", "/a/.", "/a/%2e/b", "/./a"})
  void dotSegmentsAreRefusedHoweverWritten(String path) {
    assertThat(faults(origins(ORIGIN.formatted(",\"pathPrefix\":\"" + path + "\""))))
        .containsOnlyKeys("origins[0].pathPrefix");
    assertThat(faults(origins(ORIGIN.formatted(",\"probe\":{\"path\":\"" + path + "?x\"}"))))
        .containsOnlyKeys("origins[0].probe.path");
  }

  @Test
  void pathsHaveALength() {
    String longest = "/" + "a".repeat(254);
    assertThat(faults(origins(ORIGIN.formatted(",\"pathPrefix\":\"" + longest + "\"")))).isEmpty();
    assertThat(faults(origins(ORIGIN.formatted(",\"pathPrefix\":\"" + longest + "a\""))))
        .containsOnlyKeys("origins[0].pathPrefix");
    assertThat(faults(origins(ORIGIN.formatted(",\"probe\":{\"path\":\"" + longest + "\"}"))))
        .isEmpty();
    assertThat(faults(origins(ORIGIN.formatted(",\"probe\":{\"path\":\"" + longest + "a\"}"))))
        .containsOnlyKeys("origins[0].probe.path");
  }

  @Test
  void idsAreUniqueAndOfFewCharacters() {
    assertThat(faults(origins(ORIGIN.formatted(""), ORIGIN.formatted(""))))
        .containsEntry("origins[1].id", "is there twice");
    assertThat(faults(policies(POLICY.formatted(""), POLICY.formatted(""))))
        .containsEntry("cachePolicies[1].id", "is there twice");
    for (String id : List.of("-a", "a b", "a/b", "ä", "a".repeat(65))) {
      assertThat(faults(policies("{\"id\":\"" + id + "\"}")))
          .containsOnlyKeys("cachePolicies[0].id");
    }
    assertThat(faults(policies("{\"id\":\"" + "a".repeat(64) + "\"}"))).isEmpty();
    assertThat(faults(policies("{\"id\":\"CachingDisabled\"}")))
        .containsEntry("cachePolicies[0].id", "is that of a managed cache policy of CloudFront");
  }

  @Test
  void aFailoverIsAnotherOriginWithoutOne() {
    String template = "{\"id\":\"%s\",\"host\":\"a.example\",\"failover\":{\"origin\":\"%s\"}}";
    assertThat(faults(origins(template.formatted("a", "a"))))
        .containsEntry("origins[0].failover.origin", "is the origin itself");
    assertThat(faults(origins(template.formatted("a", "b"))))
        .containsEntry("origins[0].failover.origin", "no origin \"b\"");
    assertThat(faults(origins(template.formatted("a", "api"), ORIGIN.formatted("")))).isEmpty();
    assertThat(
            faults(
                origins(
                    template.formatted("a", "b"),
                    template.formatted("b", "api"),
                    ORIGIN.formatted(""))))
        .containsOnlyKeys("origins[0].failover.origin");
    assertThat(faults(origins(ORIGIN.formatted(",\"failover\":{}"))))
        .containsEntry("origins[0].failover.origin", "is required");
    String statuses = ",\"failover\":{\"origin\":\"b\",\"statuses\":[399,400,599,600]}";
    assertThat(faults(origins(ORIGIN.formatted(statuses), "{\"id\":\"b\",\"host\":\"b.example\"}")))
        .containsOnlyKeys("origins[0].failover.statuses[0]", "origins[0].failover.statuses[3]");
  }

  static List<String> refusedHeaders() {
    return List.copyOf(HeaderRules.refused());
  }

  @ParameterizedTest
  @MethodSource("refusedHeaders")
  void headersThatAreNotASettingsToSet(String name) {
    for (String spelling : List.of(name, name.toUpperCase(Locale.ROOT))) {
      assertThat(header(spelling, "\"x\"").get("origins[0].headers[0].name"))
          .startsWith("cannot be set: " + spelling);
    }
  }

  /** Against a list that has lost one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection",
        "Keep-Alive",
        "Proxy-Authorization",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "Content-Length",
        "Host",
        "X-Forwarded-For",
        "Forwarded",
        "Via",
        "X-Amz-Cf-Id",
        "CloudFront-Viewer-Address",
        "Portico-Explain",
      })
  void hopByHopFramingAndForgedFieldsAreRefused(String name) {
    assertThat(header(name, "\"x\"")).containsOnlyKeys("origins[0].headers[0].name");
  }

  @ParameterizedTest
  @ValueSource(strings = {":authority", "a b", "a:", "", "ä", "a\\r\\nHost"})
  void headerNamesAreTokens(String name) {
    assertThat(header(name, "\"x\"")).containsOnlyKeys("origins[0].headers[0].name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"\"", "\" a\"", "\"a \"", "\"a\\r\\nb: c\"", "\"a\\u0000\"", "\"ä\"", "1"})
  void headerValuesAreVisible(String value) {
    assertThat(header("X-Key", value)).containsKey("origins[0].headers[0].value");
  }

  @Test
  void headersAreLimited() {
    assertThat(header("Authorization", "\"Basic YTpi\"")).isEmpty();
    assertThat(header("n".repeat(256), "\"" + "v".repeat(1783) + "\"")).isEmpty();
    assertThat(header("n".repeat(257), "\"v\"")).containsOnlyKeys("origins[0].headers[0].name");
    assertThat(header("n", "\"" + "v".repeat(1784) + "\""))
        .containsOnlyKeys("origins[0].headers[0].value");
    String template = "{\"name\":\"h%d\",\"value\":\"v\"}";
    assertThat(faults(origins(ORIGIN.formatted(",\"headers\":" + many(10, template))))).isEmpty();
    assertThat(faults(origins(ORIGIN.formatted(",\"headers\":" + many(11, template)))))
        .containsOnlyKeys("origins[0].headers");
    String twice = "[{\"name\":\"X-A\",\"value\":\"1\"},{\"name\":\"x-a\",\"value\":\"2\"}]";
    assertThat(faults(origins(ORIGIN.formatted(",\"headers\":" + twice))))
        .containsEntry("origins[0].headers[1].name", "is there twice");
  }

  @Test
  void aHeaderWithoutAValueHasNoneToKeepAtFirst() {
    assertThat(header("X-Key", "null"))
        .containsExactly(
            Map.entry(
                "origins[0].headers[0].value",
                "is required: no value is known of this field for this protocol, host and port"));
  }

  private static Map<String, String> header(String name, String value) {
    return faults(
        origins(
            ORIGIN.formatted(
                ",\"headers\":[{\"name\":\"" + name + "\",\"value\":" + value + "}]")));
  }

  @ParameterizedTest
  @CsvSource({
    "'\"minTtlSeconds\":10,\"maxTtlSeconds\":9',maxTtlSeconds",
    "'\"minTtlSeconds\":10,\"defaultTtlSeconds\":9',defaultTtlSeconds",
    "'\"maxTtlSeconds\":10,\"defaultTtlSeconds\":11',defaultTtlSeconds",
    "'\"minTtlSeconds\":-1',minTtlSeconds",
    "'\"maxTtlSeconds\":3153600001',maxTtlSeconds",
    "'\"headers\":{\"mode\":\"all\"}',headers.mode",
    "'\"headers\":{\"mode\":\"all-except\",\"names\":[\"a\"]}',headers.mode",
    "'\"cookies\":{\"mode\":\"only\"}',cookies.names",
    "'\"cookies\":{\"mode\":\"all\",\"names\":[\"a\"]}',cookies.names",
    "'\"cookies\":{\"names\":[\"a\"]}',cookies.names",
    "'\"cookies\":{\"mode\":\"only\",\"names\":[\"a b\"]}',cookies.names[0]",
    "'\"query\":{\"mode\":\"only\",\"names\":[\"a=b\"]}',query.names[0]",
    "'\"query\":{\"mode\":\"only\",\"names\":[\"a\",\"a\"]}',query.names[1]",
    "'\"headers\":{\"mode\":\"only\",\"names\":[\"X-A\",\"x-a\"]}',headers.names[1]",
    "'\"headers\":{\"mode\":\"only\",\"names\":[\"Cookie\"]}',headers.names[0]",
    "'\"headers\":{\"mode\":\"only\",\"names\":[\"Connection\"]}',headers.names[0]",
    "'\"errorTtlSeconds\":{\"399\":1}',errorTtlSeconds.399",
    "'\"errorTtlSeconds\":{\"4xx\":1}',errorTtlSeconds.4xx",
    "'\"errorTtlSeconds\":{\"404\":-1}',errorTtlSeconds.404",
    "'\"errorTtlSeconds\":[]',errorTtlSeconds",
    "'\"gzip\":\"yes\"',gzip",
  })
  void cachePoliciesRefused(String fields, String path) {
    assertThat(faults(policies(POLICY.formatted("," + fields))))
        .containsOnlyKeys("cachePolicies[0]." + path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"headers", "cookies", "query"})
  void namesInTheKeyAreLimited(String field) {
    String names = ",\"" + field + "\":{\"mode\":\"only\",\"names\":%s}";
    assertThat(faults(policies(POLICY.formatted(names.formatted(many(10, "\"n%d\"")))))).isEmpty();
    assertThat(faults(policies(POLICY.formatted(names.formatted(many(11, "\"n%d\""))))))
        .containsEntry("cachePolicies[0]." + field + ".names", "has 11 elements, more than 10");
  }

  @Test
  void namesInTheKeyAreLimitedTogether() {
    String wide = many(9, "\"%d" + "n".repeat(112) + "\"");
    String names = ",\"cookies\":{\"mode\":\"only\",\"names\":" + wide + "}";
    String query = ",\"query\":{\"mode\":\"only\",\"names\":[\"%s\"]}";
    assertThat(faults(policies(POLICY.formatted(names + query.formatted("q".repeat(7))))))
        .isEmpty();
    assertThat(faults(policies(POLICY.formatted(names + query.formatted("q".repeat(8))))))
        .containsOnlyKeys("cachePolicies[0].headers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/*", "*.jpg", "images/a?c.png", "/*", "/~\\\"'@:+&$_-.1"})
  void patterns(String pattern) {
    assertThat(faults(behaviours("{\"pattern\":\"" + pattern + "\"}"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a b", "/a%20b", "/ä", "/a#b", "/a\\\\b", "/[ab]", "/a,b", "/a(b)"})
  void patternsRefused(String pattern) {
    assertThat(faults(behaviours("{\"pattern\":\"" + pattern + "\"}")))
        .containsOnlyKeys("behaviours[0].pattern");
  }

  @Test
  void patternsHaveALengthAndAreThereOnce() {
    assertThat(faults(behaviours("{\"pattern\":\"" + "a".repeat(255) + "\"}"))).isEmpty();
    assertThat(faults(behaviours("{\"pattern\":\"" + "a".repeat(256) + "\"}")))
        .containsOnlyKeys("behaviours[0].pattern");
    assertThat(faults(behaviours("{\"pattern\":\"/a\"}", "{\"pattern\":\"a\"}")))
        .containsOnlyKeys("behaviours[1].pattern");
  }

  @ParameterizedTest
  @CsvSource({
    "'[\"GET\"]',allowedMethods",
    "'[\"HEAD\"]',allowedMethods",
    "'[\"GET\",\"HEAD\",\"TRACE\"]',allowedMethods[2]",
    "'[\"get\",\"HEAD\",\"GET\"]',allowedMethods[0]",
    "'[\"GET\",\"HEAD\",\"GET\"]',allowedMethods[2]",
    "'[\"GET\",\"HEAD\",\"POST\"]',allowedMethods[2]",
    "'\"GET\"',allowedMethods",
  })
  void methodsRefused(String methods, String path) {
    assertThat(faults("{\"defaultBehaviour\":{\"allowedMethods\":" + methods + "}}"))
        .containsKey("defaultBehaviour." + path);
  }

  @Test
  void referencesMustBeThere() {
    assertThat(
            faults(
                "{\"defaultBehaviour\":{\"origin\":\"o\",\"cachePolicy\":\"CachingDisable\"},"
                    + "\"behaviours\":[{\"pattern\":\"/a\",\"cachePolicy\":\"p\"}]}"))
        .containsEntry("defaultBehaviour.origin", "no origin \"o\"")
        .containsEntry("defaultBehaviour.cachePolicy", "no cache policy \"CachingDisable\"")
        .containsEntry("behaviours[0].cachePolicy", "no cache policy \"p\"");
  }

  @Test
  void theWholeMustFitAnItemOfTheTable() {
    String template =
        "{\"id\":\"o%d\",\"host\":\"a.example\",\"headers\":[{\"name\":\"a\",\"value\":\"VALUE\"},"
            + "{\"name\":\"b\",\"value\":\"VALUE\"}]}";
    String value = "v".repeat(1783);
    assertThat(faults("{\"origins\":" + many(16, template.replace("VALUE", value)) + "}"))
        .isEmpty();
    assertThatThrownBy(
            () -> accept("{\"origins\":" + many(19, template.replace("VALUE", value)) + "}"))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.status()).isEqualTo(413));
  }
}
