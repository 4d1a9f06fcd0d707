package dev.portico.content.settings;

import static dev.portico.content.settings.SettingsContext.PREVIEW;
import static dev.portico.content.settings.SettingsContext.PRODUCTION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.error.FieldError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code portico.yml} says, what is wrong with it, and where. */
class SettingsFileTest {
  private static final SettingsEnvironment RULES =
      new SettingsEnvironment(new OriginsSettings(List.of()), SharedPolicies.NONE);

  private static List<String> faults(byte[] yaml) {
    List<FieldError> faults = new ArrayList<>();
    SettingsFile.parse(yaml, RULES, DeploymentSettings.ALL, faults);
    return faults.stream().map(each -> each.field() + " " + each.reason()).toList();
  }

  private static List<String> faults(String yaml) {
    return faults(yaml.getBytes(StandardCharsets.UTF_8));
  }

  private static SettingsFile file(String yaml) {
    List<FieldError> faults = new ArrayList<>();
    SettingsFile file =
        SettingsFile.parse(
            yaml.getBytes(StandardCharsets.UTF_8), RULES, DeploymentSettings.ALL, faults);
    assertThat(faults).isEmpty();
    assertThat(SettingsFile.of(file.json()).json()).isEqualTo(file.json());
    return file;
  }

  private static StoredSettings own(String json) {
    return StoredSettings.none(true).replacedBy(json.getBytes(StandardCharsets.UTF_8), RULES);
  }

  @Test
  void itIsTheSameDocumentAsYaml() {
    SettingsFile file =
        file(
            """
            # comment
            immutableAssets: false
            earlierAssetsSeconds: 3600
            files: {pretty: true, notFound: spa}
            cachePolicies:
              - id: lists
                maxTtlSeconds: 60
                errorTtlSeconds: {404: 10, "503": 2}
            responseHeadersPolicies:
              - id: timed
                serverTiming: {enabled: true, samplingRate: 12.5}
            behaviours:
            - pattern: '/a*'
              cachePolicy: lists
              responseHeadersPolicy: timed
            """);
    SettingsDocument shown = StoredSettings.none(true).with(file, PRODUCTION).shown();
    assertThat(file.keys(PRODUCTION))
        .containsExactly(
            "behaviours",
            "cachePolicies",
            "earlierAssetsSeconds",
            "files",
            "immutableAssets",
            "responseHeadersPolicies");
    assertThat(shown.immutableAssets()).isFalse();
    assertThat(shown.earlierAssetsSeconds()).isEqualTo(3600);
    assertThat(shown.files()).isEqualTo(new FileHandling(true, "spa", "portico"));
    assertThat(shown.cachePolicies().getFirst().errorTtlSeconds())
        .isEqualTo(Map.of("404", 10L, "503", 2L));
    assertThat(shown.responseHeadersPolicies().getFirst().serverTiming().samplingRate())
        .isEqualTo(12.5);
    assertThat(shown.behaviours().getFirst().pattern()).isEqualTo("/a*");
  }

  @ParameterizedTest
  @CsvSource({"''", "'# nothing'", "'---'", "'~'", "'{}'", "'origins:'", "'\uFEFFfiles: ~'"})
  void aFileThatSaysNothingOwnsNothing(String yaml) {
    assertThat(file(yaml).isEmpty()).isTrue();
  }

  @Test
  void keysTakeThePlaceOfTheSitesOwnAsAWhole() {
    StoredSettings own =
        own(
            """
            {"immutableAssets": false, "files": {"notFound": "spa"},
             "cachePolicies": [{"id": "a"}], "behaviours": [{"pattern": "/a"}]}\
            """);
    SettingsDocument merged =
        own.with(file("files: {pretty: true}\nbehaviours: []\ncachePolicies:\n"), PRODUCTION)
            .shown();
    assertThat(merged.immutableAssets()).isFalse();
    assertThat(merged.files()).isEqualTo(new FileHandling(true, "page", "portico"));
    assertThat(merged.behaviours()).isEmpty();
    assertThat(merged.cachePolicies()).as("null says nothing").hasSize(1);
    assertThat(own.with(SettingsFile.NONE, PRODUCTION).shown()).isEqualTo(own.shown());
    assertThat(
            StoredSettings.none(false)
                .with(file("behaviours: []"), PRODUCTION)
                .shown()
                .immutableAssets())
        .isFalse();
  }

  @Test
  void whatItNamesMayBeTheSitesOwn() {
    SettingsFile file = file("behaviours:\n- {pattern: /api/*, origin: api, cachePolicy: p}");
    StoredSettings lacking = own("{\"cachePolicies\":[{\"id\":\"p\"}]}");
    assertThat(lacking.with(file, PRODUCTION).faults(RULES))
        .containsExactly(new FieldError("behaviours[0].origin", "no origin \"api\""));
    StoredSettings having =
        own(
            "{\"cachePolicies\":[{\"id\":\"p\"}],"
                + "\"origins\":[{\"id\":\"api\",\"host\":\"api.example.com\"}]}");
    assertThat(having.with(file, PRODUCTION).faults(RULES)).isEmpty();
    assertThat(having.with(file, PRODUCTION).compiled().behaviours().getFirst().origin())
        .isEqualTo("api");
  }

  @Test
  void whatItNamesInItsOwnKeysMustBeThere() {
    assertThat(faults("origins: []\nbehaviours:\n  - pattern: /a\n    origin: x\n"))
        .containsExactly("portico.yml:4:5 behaviours[0].origin: no origin \"x\"");
  }

  @Test
  void valuesOfHeaderFieldsCannotStandInIt() {
    String yaml =
        """
        origins:
          - id: api
            host: api.example.com
            headers:
              - {name: X-Key, value: s3cret}
              - name: X-Other
                value: s3cret
        """;
    assertThat(faults(yaml))
        .hasSize(2)
        .noneMatch(each -> each.contains("s3cret"))
        .satisfies(
            all ->
                assertThat(all.get(0))
                    .startsWith("portico.yml:5:23 origins[0].headers[0].value: cannot stand here"),
            all -> assertThat(all.get(1)).startsWith("portico.yml:7:9 "));
  }

  @Test
  void valuesOfHeaderFieldsAreThoseOfTheSameServerOverTheApi() {
    String yaml = "origins:\n- {id: api, host: %s, headers: [{name: X-Key}]}";
    StoredSettings own =
        own(
            "{\"origins\":[{\"id\":\"api\",\"host\":\"api.example.com\","
                + "\"headers\":[{\"name\":\"x-key\",\"value\":\"s3cret\"}]}]}");
    StoredSettings same = own.with(file(yaml.formatted("api.example.com")), PRODUCTION);
    assertThat(same.faults(RULES)).isEmpty();
    assertThat(same.compiled().origins().getFirst().headers().getFirst().value())
        .isEqualTo("s3cret");
    assertThat(same.shown().origins().getFirst().headers().getFirst().value()).isNull();
    assertThat(own.with(file(yaml.formatted("evil.example.com")), PRODUCTION).faults(RULES))
        .singleElement()
        .satisfies(each -> assertThat(each.field()).isEqualTo("origins[0].headers[0].value"));
  }

  private static String verifying(boolean verified) {
    return "{\"origins\":[{\"id\":\"api\",\"host\":\"api.example.com\",\"pathPrefix\":\"/v2\","
        + "\"verifyTls\":"
        + verified
        + ",\"headers\":[{\"name\":\"X-Key\",\"value\":\"s3cret\"}]}]}";
  }

  @ParameterizedTest
  @CsvSource({
    "true, 'pathPrefix: /v2', true",
    "true, 'pathPrefix: /v2/public', true",
    "false, 'pathPrefix: /v2, verifyTls: false', true",
    "true, 'pathPrefix: /v2, verifyTls: false', false",
    "true, 'pathPrefix: /v23', false",
    "true, 'pathPrefix: /debug', false",
    "true, 'httpVersion: \"1.1\"', false"
  })
  void valuesOfHeaderFieldsAreNotForLessCareOrOtherPaths(
      boolean verified, String fields, boolean lent) {
    SettingsFile file =
        file(
            "origins:\n- {id: api, host: api.example.com, headers: [{name: X-Key}], "
                + fields
                + "}");
    StoredSettings merged = own(verifying(verified)).with(file, PRODUCTION);
    assertThat(merged.gaps(RULES)).hasSize(lent ? 0 : 1);
    assertThat(merged.faults(RULES)).hasSize(lent ? 0 : 1);
    assertThat(merged.compiled().origins().getFirst().headers().getFirst().value())
        .isEqualTo(lent ? "s3cret" : null);
  }

  @Test
  void everyFaultIsNamedWithItsPlace() {
    assertThat(
            faults(
                """
                immutableAssets: yes
                behaviour: []
                origins:
                  - id: api
                    port: 012
                  - id: api
                    host: 127.0.0.1
                """))
        .satisfiesExactlyInAnyOrder(
            each ->
                assertThat(each)
                    .isEqualTo("portico.yml:1:1 immutableAssets: must be true or false"),
            each -> assertThat(each).startsWith("portico.yml:2:1 behaviour: is unknown"),
            each -> assertThat(each).isEqualTo("portico.yml:4:5 origins[0].host: is required"),
            each -> assertThat(each).startsWith("portico.yml:5:5 origins[0].port: must be"),
            each -> assertThat(each).isEqualTo("portico.yml:6:5 origins[1].id: is there twice"),
            each -> assertThat(each).startsWith("portico.yml:7:5 origins[1].host: "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "files: {pretty: true}\\nfiles: {}|portico.yml:2:1 files: is there twice",
        "files: &a {}|portico.yml:1:8 files: has an anchor",
        "files: &a {}\\nx: *a|portico.yml:2:4 x: has an anchor or an alias",
        "files: !!map {}|portico.yml:1:8 files: has a tag",
        "files: !java.lang.Runtime {}|portico.yml:1:8 files: has a tag",
        "immutableAssets: !!bool true|portico.yml:1:18 immutableAssets: has a tag",
        "{}\\n---\\n{}|portico.yml:2:1 is a second document",
        "[]|portico.yml:1:1 must be an object",
        "text|portico.yml:1:1 must be an object",
        "? [a]\\n: b|portico.yml:1:3 has a name that is not text",
        "a: [|portico.yml:1:5 ",
        "a: b: c|portico.yml:1:5 mapping values are not allowed here",
        "\\tfiles: {}|portico.yml:1:1 ",
        "files: *gone|portico.yml:1:8 files: has an anchor or an alias",
        "<<: {}|portico.yml:1:1 <<: is unknown",
        "a: \"\\UFFFFFFFF\"|portico.yml:1:1 is not YAML",
        "a: \"\\U00110000\"|portico.yml:1:",
        "a: \"\\uD800\"|portico.yml:1:1 a: has half a character",
        "\"\\uD800\": a|portico.yml:1:1 has a name with half a character",
        "behaviors:|portico.yml:1:1 behaviors: is unknown",
        "behaviors: ~\\nfiles: {}|portico.yml:1:1 behaviors: is unknown",
        "a: [[[[[[[[[[[[[[]]]]]]]]]]]]]]|portico.yml:1:16 is nested too deeply"
      })
  void whatIsNotPlainIsRefused(String yaml, String fault) {
    String text = yaml.replace("\\n", "\n").replace("\\t", "\t");
    assertThat(faults(text)).anySatisfy(each -> assertThat(each).startsWith(fault));
  }

  @Test
  void whatIsNoTextIsRefused() {
    assertThat(faults(new byte[] {'a', (byte) 0xff}))
        .containsExactly("portico.yml:1:1 is not UTF-8");
    assertThat(faults("a: \u0001")).singleElement().asString().startsWith("portico.yml:1:1 ");
    assertThat(faults("id: " + "x".repeat(17_000)))
        .containsExactly("portico.yml:1:1 id: has more than 16384 characters");
  }

  @Test
  void numbersAreThoseOfJson() {
    for (String number : List.of("01", "0x10", "1_000", "1e3", "+1", "0o7", ".5", "9".repeat(30))) {
      assertThat(faults("earlierAssetsSeconds: " + number)).as(number).hasSize(1);
    }
  }

  @Test
  void nothingMakesItGrowOrFailOtherwise() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String alphabet = "a: -[]{}\n\t#&*!|>'\"?,%@`~0\u00e9<\\xuUF";
    for (int round = 0; round < 2000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(60); i >= 0; i--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      byte[] yaml = text.toString().getBytes(StandardCharsets.UTF_8);
      try {
        faults(yaml);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", text " + text, e);
      }
    }
    assertThat(faults("a: " + "[".repeat(60_000))).hasSize(1);
    assertThat(faults("- ".repeat(30_000))).hasSize(1);
  }

  private static final String SCOPED =
      """
      files: {notFound: page}
      origins:
        - {id: api, host: api.example.com}
      behaviours:
        - {pattern: /api/*, origin: api}
      context:
        production:
          immutableAssets: true
        preview:
          immutableAssets: false
          origins:
            - {id: api, host: staging.example.com}
        aliases:
          beta:
            files: {notFound: spa}
          gamma:
            immutableAssets: true
            origins: ~
      """;

  private static SettingsDocument shown(SettingsFile file, SettingsContext context) {
    return own("{\"immutableAssets\":false}").with(file, context).shown();
  }

  @Test
  void keysMayHoldForSomeHostsAlone() {
    SettingsFile file = file(SCOPED);
    SettingsDocument live = shown(file, PRODUCTION);
    assertThat(live.immutableAssets()).isTrue();
    assertThat(live.origins().getFirst().host()).isEqualTo("api.example.com");
    SettingsDocument preview = shown(file, PREVIEW);
    assertThat(preview.immutableAssets()).isFalse();
    assertThat(preview.files().notFound()).isEqualTo("page");
    assertThat(preview.origins().getFirst().host()).isEqualTo("staging.example.com");
    assertThat(preview.behaviours()).hasSize(1);
    SettingsDocument beta = shown(file, SettingsContext.alias("beta"));
    assertThat(beta.files().notFound()).isEqualTo("spa");
    assertThat(beta.immutableAssets()).as("an alias is a preview").isFalse();
    SettingsDocument gamma = shown(file, SettingsContext.alias("gamma"));
    assertThat(gamma.immutableAssets()).as("the alias wins").isTrue();
    assertThat(gamma.origins().getFirst().host()).isEqualTo("staging.example.com");
    assertThat(shown(file, SettingsContext.alias("other"))).isEqualTo(preview);
    assertThat(file.keys(SettingsContext.alias("beta")))
        .containsExactly("behaviours", "files", "immutableAssets", "origins");
  }

  @Test
  void aFileMaySayNothingForTheSiteItself() {
    SettingsFile file = file("context: {preview: {files: {pretty: true}}}");
    assertThat(file.isEmpty()).isFalse();
    assertThat(file.keys(PRODUCTION)).isEmpty();
    assertThat(shown(file, PREVIEW).files().pretty()).isTrue();
  }

  @Test
  void faultsOfContextsAreNamedWhereTheyStand() {
    assertThat(
            faults(
                """
                origins:
                  - {id: api, host: api.example.com}
                behaviours:
                  - {pattern: /api/*, origin: api}
                context:
                  productions: {}
                  production:
                    files: {notFound: spy}
                  preview:
                    origins:
                      - id: other
                        host: other.example.com
                        headers: [{name: X-Key, value: s3cret}]
                    context: {}
                  aliases:
                    beta:
                      behaviours:
                        - {pattern: /, origin: api}
                    No_Alias: {}
                    gone:
                """))
        .noneMatch(each -> each.contains("s3cret"))
        .satisfiesExactlyInAnyOrder(
            each -> assertThat(each).startsWith("portico.yml:6:3 context.productions: is unknown"),
            each ->
                assertThat(each).startsWith("portico.yml:8:13 context.production.files.notFound: "),
            each -> assertThat(each).startsWith("portico.yml:14:5 context.preview.context: is unk"),
            each ->
                assertThat(each)
                    .startsWith(
                        "portico.yml:13:33 context.preview.origins[0].headers[0].value: cannot"),
            each ->
                assertThat(each)
                    .isEqualTo(
                        "portico.yml:4:23 behaviours[0].origin: no origin \"api\""
                            + " in context preview"),
            each ->
                assertThat(each)
                    .isEqualTo(
                        "portico.yml:18:24 context.aliases.beta.behaviours[0].origin:"
                            + " no origin \"api\""),
            each ->
                assertThat(each).startsWith("portico.yml:19:5 context.aliases.No_Alias: is no"));
    assertThat(faults("context: []")).containsExactly("portico.yml:1:1 context: must be an object");
    assertThat(faults("context: {aliases: [a]}"))
        .containsExactly("portico.yml:1:11 context.aliases: must be an object");
    String many = "abcdefghijklmnopqrstu".replaceAll("(.)", "    al-$1: {}\n");
    assertThat(faults("context:\n  aliases:\n" + many))
        .containsExactly("portico.yml:2:3 context.aliases: has 21 fields, more than 20");
  }

  @ParameterizedTest
  @CsvSource({"production", "preview", "alias:beta", "alias:a-b"})
  void aContextIsReadAsItIsWritten(String text) {
    assertThat(SettingsContext.parse(text)).map(SettingsContext::toString).contains(text);
  }

  @ParameterizedTest
  @CsvSource({"''", "live", "alias", "alias:", "alias:ab", "alias:A-b", "alias:a--b", "preview:x"})
  void otherTextsAreNoContexts(String text) {
    assertThat(SettingsContext.parse(text)).isEmpty();
  }

  private static List<String> faults(String yaml, String mode, String... names) {
    List<FieldError> faults = new ArrayList<>();
    SettingsFile.parse(
        yaml.getBytes(StandardCharsets.UTF_8),
        RULES,
        new DeploymentSettings(mode, List.of(names)),
        faults);
    return faults.stream().map(each -> each.field() + " " + each.reason()).toList();
  }

  @Test
  void itHasOnlyTheKeysThatOwnersAllow() {
    String yaml =
        """
        files: {pretty: true}
        origins: []
        context:
          preview:
            files: {}
            behaviours: []
        """;
    assertThat(faults(yaml, "all")).isEmpty();
    assertThat(faults(yaml, "only", "files", "origins", "behaviours")).isEmpty();
    assertThat(faults(yaml, "only", "files"))
        .containsExactly(
            "portico.yml:2:1 origins: cannot stand in portico.yml of this site:"
                + " its deploymentSettings allow only files (where access is restricted,"
                + " this needs accessPolicies besides)",
            "portico.yml:6:5 context.preview.behaviours: cannot stand in portico.yml of this site:"
                + " its deploymentSettings allow only files (where access is restricted,"
                + " this needs accessPolicies besides)");
    assertThat(faults(yaml, "all-except", "origins"))
        .containsExactly(
            "portico.yml:2:1 origins: cannot stand in portico.yml of this site:"
                + " its deploymentSettings allow all except origins");
    assertThat(faults(yaml, "none")).hasSize(4).allMatch(each -> each.endsWith("allow none"));
    assertThat(faults("", "none")).isEmpty();
    assertThat(faults("deploymentSettings: {}", "all"))
        .containsExactly(
            "portico.yml:1:1 deploymentSettings: cannot stand in portico.yml;"
                + " owners give it over the API");
  }

  @Test
  void whatOwnersAllowIsJudgedAgainWithTheirSettings() {
    SettingsFile file = file("files: {}\ncontext: {preview: {behaviours: []}}");
    StoredSettings own = own("{\"deploymentSettings\":{\"mode\":\"only\",\"names\":[\"files\"]}}");
    assertThat(own.refusals(file, PRODUCTION)).isEmpty();
    assertThat(own.refusals(file, PREVIEW))
        .extracting(FieldError::field)
        .containsExactly("behaviours");
    assertThat(own.with(file, PREVIEW).deploymentSettings()).isEqualTo(own.deploymentSettings());
    // As a later release may write it.
    assertThat(
            StoredSettings.of("{\"deploymentSettings\":{\"mode\":\"signed\"}}", Map.of())
                .refusals(file, PRODUCTION))
        .as("what is not understood allows nothing")
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"mode\":\"all-except\",\"names\":\"origins\"}",
        "{\"mode\":\"all-except\",\"names\":[\"files\",{\"name\":\"origins\"}]}",
        "{\"mode\":\"all-except\",\"names\":[]}",
        "{\"mode\":\"all-except\"}"
      })
  void namesThatAreNotUnderstoodAllowNothing(String stored) {
    assertThat(
            StoredSettings.of("{\"deploymentSettings\":" + stored + "}", Map.of())
                .refusals(file("origins: []"), PRODUCTION))
        .extracting(FieldError::field)
        .containsExactly("origins");
  }

  @Test
  void moreNamesThanThereAreKeysAllowNothing() {
    String names = "\"files\",".repeat(DeploymentSettings.KEYS.size()) + "\"origins\"";
    assertThat(
            StoredSettings.of(
                    "{\"deploymentSettings\":{\"mode\":\"all-except\",\"names\":[" + names + "]}}",
                    Map.of())
                .refusals(file("origins: []"), PRODUCTION))
        .extracting(FieldError::field)
        .containsExactly("origins");
  }

  private static final String GUARDED =
      "{\"accessPolicies\":[{\"id\":\"team\",\"groups\":{\"any\":[\"staff\"]}}],"
          + "\"behaviours\":[{\"pattern\":\"/private/*\",\"accessPolicy\":\"team\"}],"
          + "\"deploymentSettings\":{\"mode\":\"%s\",\"names\":[%s]}}";

  /** Who is not to write the rules cannot take them from a path either. */
  @ParameterizedTest
  @CsvSource({"behaviours: []", "defaultBehaviour: {}", "publicKeys: []", "keyGroups: []"})
  void rulesThatAFileCannotHaveItCannotTakeFromPaths(String yaml) {
    SettingsFile file = file(yaml);
    StoredSettings except = own(GUARDED.formatted("all-except", "\"accessPolicies\""));
    assertThat(except.refusals(file, PRODUCTION)).hasSize(1);
    String key = yaml.substring(0, yaml.indexOf(':'));
    StoredSettings only = own(GUARDED.formatted("only", "\"files\",\"" + key + "\""));
    assertThat(only.refusals(file, PRODUCTION))
        .singleElement()
        .satisfies(each -> assertThat(each.reason()).contains("needs accessPolicies besides"));
    StoredSettings both = own(GUARDED.formatted("only", "\"accessPolicies\",\"" + key + "\""));
    assertThat(both.refusals(file, PRODUCTION)).isEmpty();
    assertThat(only.refusals(file("files: {}"), PRODUCTION)).isEmpty();
  }
}
