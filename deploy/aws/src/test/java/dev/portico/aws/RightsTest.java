package dev.portico.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.aws.fixture.Deployment;
import dev.portico.aws.fixture.Template;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Who may do what in AWS, and who knows which secret. */
class RightsTest {
  private final Template small = Deployment.small().edge();
  private final Template production = Deployment.production().edge();

  private static Collection<?> actions(Map<String, Object> statement) {
    Object actions = statement.get("Action");
    assertThat(actions).isNotNull();
    return actions instanceof Collection<?> several ? several : List.of(actions);
  }

  private static Map<String, Object> statement(Template template, String policy, String sid) {
    return template.statements(policy).stream()
        .filter(statement -> sid.equals(statement.get("Sid")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theGatewayMayDoNothing() {
    for (Template template : List.of(small, production)) {
      assertThat(template.statements("GatewayTaskTaskRole")).isEmpty();
      assertThat(template.one("AWS::IAM::Role", "GatewayTaskTaskRole").at("ManagedPolicyArns"))
          .isNull();
      assertThat(template.one("AWS::IAM::Role", "GatewayTaskTaskRole").at("Policies")).isNull();
    }
  }

  @Test
  void contentMayDoWithItsBucketAndTableWhatItsCodeDoes() {
    String role = "ContentTaskTaskRole";
    assertThat(small.statements(role)).hasSize(5);
    assertThat(actions(statement(small, role, "Objects")))
        .map(String::valueOf)
        .containsExactlyInAnyOrder(
            "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload");
    assertThat(actions(statement(small, role, "ListOfObjects")))
        .map(String::valueOf)
        .containsExactly("s3:ListBucket");
    assertThat(actions(statement(small, role, "Items")))
        .map(String::valueOf)
        .doesNotContain("dynamodb:Scan", "dynamodb:DeleteTable", "dynamodb:UpdateTable")
        .contains("dynamodb:ConditionCheckItem", "dynamodb:BatchGetItem");
    assertThat(String.valueOf(statement(small, role, "Key").get("Condition")))
        .contains("s3.eu-central-1.amazonaws.com", "dynamodb.eu-central-1.amazonaws.com");
  }

  @Test
  void authMayUseItsPoolAndItsOwnItems() {
    String role = "AuthTaskTaskRole";
    assertThat(small.statements(role)).hasSize(3);
    Map<String, Object> items = statement(small, role, "Sessions");
    assertThat(items.get("Condition"))
        .isEqualTo(
            Map.of("ForAllValues:StringLike", Map.of("dynamodb:LeadingKeys", List.of("AUTH#*"))));
    assertThat(actions(items))
        .map(String::valueOf)
        .containsExactlyInAnyOrder(
            "dynamodb:GetItem",
            "dynamodb:BatchGetItem",
            "dynamodb:Query",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:ConditionCheckItem");
    assertThat(actions(statement(small, role, "Accounts")))
        .hasSize(18)
        .allSatisfy(action -> assertThat(String.valueOf(action)).startsWith("cognito-idp:"));
    assertThat(String.valueOf(statement(small, role, "Accounts").get("Resource")))
        .contains("PeoplePool");
  }

  @Test
  void ecsMayInvokeTheSmokeTestAndNothingElse() {
    assertThat(small.statements("SmokeTestInvoker")).hasSize(1);
    Map<String, Object> invoke = statement(small, "SmokeTestInvoker", "SmokeTest");
    assertThat(actions(invoke)).map(String::valueOf).containsExactly("lambda:InvokeFunction");
    assertThat(String.valueOf(invoke.get("Resource"))).contains("SmokeTestFunction");
    assertThat(String.valueOf(small.one("AWS::ECS::Service", "GatewayService").body()))
        .contains("SmokeTestInvokerDefaultPolicy");
  }

  @Test
  void noActionIsAPatternAndEverythingIsNamedButTheTokenOfEcr() {
    Pattern pattern = Pattern.compile(".*\\*.*");
    for (Template template : List.of(small, production)) {
      for (Map<String, Object> statement : template.statements("")) {
        assertThat(actions(statement))
            .noneMatch(action -> pattern.matcher(String.valueOf(action)).matches());
        if ("*".equals(statement.get("Resource"))) {
          assertThat(actions(statement))
              .map(String::valueOf)
              .containsExactly("ecr:GetAuthorizationToken");
        }
      }
    }
  }

  @Test
  void executionRolesReadTheirOwnImageLogsAndSecrets() {
    Map<String, Set<String>> secrets =
        Map.of(
            "Gateway", Set.of("GatewayToContent", "GatewayToAuth"),
            "Content", Set.of("GatewayToContent", "ContentToAuth"),
            "Auth", Set.of("GatewayToAuth", "ContentToAuth", "SealingKeys"));
    secrets.forEach(
        (service, own) -> {
          String text = small.statements(service + "TaskExecutionRole").toString();
          for (String secret :
              List.of("GatewayToContent", "GatewayToAuth", "ContentToAuth", "SealingKeys")) {
            assertThat(text.contains("Secrets" + secret))
                .as(service + " and " + secret)
                .isEqualTo(own.contains(secret));
          }
          for (String other : secrets.keySet()) {
            assertThat(text.contains("Repositories" + other))
                .as(service + " and the image of " + other)
                .isEqualTo(service.equals(other));
            assertThat(text.contains("Logs" + other))
                .as(service + " and the logs of " + other)
                .isEqualTo(service.equals(other));
          }
        });
  }

  @Test
  void eachServiceIsGivenItsSecretsAtItsStart() {
    assertThat(small.secrets("GatewayTask"))
        .containsOnlyKeys("PORTICO_CONTENT_SECRET", "PORTICO_AUTH_SECRET");
    assertThat(small.secrets("ContentTask"))
        .containsOnlyKeys(
            "PORTICO_INTERNAL_SECRETS", "PORTICO_INTERNAL_SECRETS_MORE", "PORTICO_AUTH_SECRET");
    assertThat(small.secrets("AuthTask"))
        .containsOnlyKeys(
            "PORTICO_INTERNAL_SECRETS",
            "PORTICO_INTERNAL_SECRETS_MORE",
            "PORTICO_INTERNAL_SECRETS_OF_CONTENT",
            "PORTICO_INTERNAL_SECRETS_OF_CONTENT_MORE",
            "PORTICO_AUTH_SEALING_KEYS");
    assertThat(String.valueOf(small.secrets("GatewayTask").get("PORTICO_CONTENT_SECRET")))
        .contains("SecretsGatewayToContent", ":present::");
    assertThat(String.valueOf(small.secrets("ContentTask").get("PORTICO_INTERNAL_SECRETS_MORE")))
        .contains("SecretsGatewayToContent", ":also::");
  }

  @Test
  void noSettingThatIsASecretIsInPlainSight() {
    Pattern secret = Pattern.compile(".*(SECRET|PASSWORD|KEYS|TOKEN).*");
    for (Template template : List.of(small, production)) {
      for (String task : List.of("GatewayTask", "ContentTask", "AuthTask")) {
        assertThat(template.environment(task).keySet())
            .isNotEmpty()
            .noneMatch(name -> secret.matcher(name).matches());
      }
    }
  }
}
