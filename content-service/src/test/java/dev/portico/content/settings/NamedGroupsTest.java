package dev.portico.content.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.error.FieldError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which Cognito groups decide who may have what of a site. */
class NamedGroupsTest {
  private static final SettingsEnvironment RULES =
      new SettingsEnvironment(new OriginsSettings(List.of()), SharedPolicies.NONE);

  private static final StoredSettings OWN =
      own(
          """
          {"accessPolicies": [
             {"id": "team", "groups": {"any": ["staff", "editors"], "all": ["trained"]}},
             {"id": "unused", "groups": {"any": ["nobody-asked-for"]}},
             {"id": "open", "requiredAddresses": ["192.0.2.0/24"]}],
           "behaviours": [{"pattern": "/team/*", "accessPolicy": "team"},
                          {"pattern": "/open/*", "accessPolicy": "open"}]}\
          """);

  private static StoredSettings own(String json) {
    return StoredSettings.none(true).replacedBy(json.getBytes(StandardCharsets.UTF_8), RULES);
  }

  private static SettingsFile file(String yaml) {
    var faults = new ArrayList<FieldError>();
    SettingsFile file =
        SettingsFile.parse(
            yaml.getBytes(StandardCharsets.UTF_8), RULES, DeploymentSettings.ALL, faults);
    assertThat(faults).isEmpty();
    return file;
  }

  @Test
  void thoseOfPoliciesThatAreUsed() {
    assertThat(OWN.namedGroups(SettingsFile.NONE)).containsExactly("editors", "staff", "trained");
    assertThat(StoredSettings.none(true).namedGroups(SettingsFile.NONE)).isEmpty();
  }

  @Test
  void whereverThePolicyIsUsed() {
    String policy = "\"accessPolicies\": [{\"id\": \"team\", \"groups\": {\"all\": [\"staff\"]}}]";
    for (String use :
        List.of(
            "\"defaultBehaviour\": {\"accessPolicy\": \"team\"}",
            "\"previewAccess\": \"team\"",
            "\"behaviours\": [{\"pattern\": \"/a\", \"accessPolicy\": \"team\"}]")) {
      assertThat(own("{" + policy + ", " + use + "}").namedGroups(SettingsFile.NONE))
          .as(use)
          .containsExactly("staff");
    }
    assertThat(own("{" + policy + "}").namedGroups(SettingsFile.NONE)).isEmpty();
  }

  /** Gateways compare the account's groups with the values of claims of these names. */
  @Test
  void thoseThatClaimsName() {
    StoredSettings settings =
        own(
            """
            {"accessPolicies": [
               {"id": "team", "claims": [
                  {"name": "groups", "values": ["staff", "no group has spaces"]},
                  {"name": "cognito:groups", "values": ["editors"]},
                  {"name": "custom:department", "values": ["sales"]}]}],
             "defaultBehaviour": {"accessPolicy": "team"}}\
            """);
    assertThat(settings.namedGroups(SettingsFile.NONE)).containsExactly("editors", "staff");
  }

  /** What the file has in place of a key holds, and the site's own where the file is not. */
  @Test
  void thoseOfTheFileBesideTheSitesOwn() {
    SettingsFile file =
        file(
            """
            accessPolicies: [{id: team, groups: {any: [customers]}}]
            """);
    assertThat(OWN.namedGroups(file)).containsExactly("customers", "editors", "staff", "trained");
  }

  @Test
  void thoseOfEachKindOfHost() {
    SettingsFile file =
        file(
            """
            accessPolicies:
              - {id: live, groups: {any: [a]}}
              - {id: preview, groups: {any: [b]}}
              - {id: next, groups: {any: [c]}}
              - {id: unused, groups: {any: [d]}}
            context:
              production: {defaultBehaviour: {accessPolicy: live}}
              preview: {defaultBehaviour: {accessPolicy: preview}}
              aliases: {next: {defaultBehaviour: {accessPolicy: next}}}
            """);
    assertThat(StoredSettings.none(true).namedGroups(file)).containsExactly("a", "b", "c");
  }
}
