package dev.portico.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.aws.fixture.Deployment;
import dev.portico.aws.fixture.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may do what in AWS, and who knows which secret. */
class RightsTest {
  private final Template small = Deployment.small().edge();
  private final Template production = Deployment.production().edge();
  private final Template traced = Deployment.traced().edge();

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

  /** Each role of the edge stack, and what it may do with what: there is no more. */
  private static final Map<String, Map<String, Set<String>>> ALLOWED =
      new TreeMap<>(
          Map.of(
              "AuthTaskTaskRole",
              Map.of(
                  "FactsTable",
                  dynamoDb("GetItem Query PutItem DeleteItem ConditionCheckItem"),
                  "PeoplePool",
                  of(
                      "cognito-idp:",
                      "AdminInitiateAuth AdminRespondToAuthChallenge AdminUserGlobalSignOut"
                          + " ListUsers AdminGetUser AdminCreateUser AdminDisableUser"
                          + " AdminEnableUser AdminResetUserPassword AdminDeleteUser ListGroups"
                          + " GetGroup CreateGroup DeleteGroup ListUsersInGroup"
                          + " AdminListGroupsForUser AdminAddUserToGroup"
                          + " AdminRemoveUserFromGroup"),
                  "Key",
                  of("kms:", "Decrypt DescribeKey Encrypt GenerateDataKey")),
              "ContentTaskTaskRole",
              Map.of(
                  "FilesBucket/*",
                  of("s3:", "GetObject PutObject DeleteObject AbortMultipartUpload"),
                  "FilesBucket",
                  of("s3:", "ListBucket ListBucketMultipartUploads"),
                  "FactsTable",
                  dynamoDb(
                      "GetItem BatchGetItem Query PutItem UpdateItem DeleteItem BatchWriteItem"
                          + " ConditionCheckItem"),
                  "FactsTable/index/gsi1",
                  dynamoDb("Query"),
                  "Key",
                  of("kms:", "Decrypt DescribeKey Encrypt GenerateDataKey")),
              "AuthTaskExecutionRole",
              toStart("Auth", "GatewayToAuth", "ContentToAuth", "SealingKeys"),
              "ContentTaskExecutionRole",
              toStart("Content", "GatewayToContent", "ContentToAuth"),
              "GatewayTaskExecutionRole",
              toStart("Gateway", "GatewayToContent", "GatewayToAuth"),
              "AccessLogDeliveryWriter",
              Map.of(
                  "AccessLogBucket/*",
                  of("s3:", "PutObject AbortMultipartUpload"),
                  "AccessLogBucket",
                  of("s3:", "GetBucketLocation ListBucket ListBucketMultipartUploads"),
                  "LogsDelivery",
                  of("logs:", "PutLogEvents"),
                  "Key",
                  of("kms:", "Decrypt DescribeKey Encrypt GenerateDataKey")),
              "AccessLogDeliverySubscriber",
              Map.of("AccessLogDeliveryStream", of("firehose:", "PutRecord PutRecordBatch")),
              "SmokeTestInvoker",
              Map.of("SmokeTestFunction", of("lambda:", "InvokeFunction")),
              "SmokeTestRole",
              Map.of("SmokeTestLogs", of("logs:", "CreateLogStream PutLogEvents")),
              "NetworkVpcFlowsIAMRole",
              Map.of(
                  "NetworkFlowLogs",
                  of("logs:", "CreateLogStream PutLogEvents DescribeLogStreams"))));

  private static Set<String> of(String service, String actions) {
    return Arrays.stream(actions.split(" ", -1))
        .map(action -> service + action)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> dynamoDb(String actions) {
    return of("dynamodb:", actions);
  }

  /** What ECS does in a service's name before its task runs. */
  private static Map<String, Set<String>> toStart(String service, String... secrets) {
    Map<String, Set<String>> allowed = new TreeMap<>();
    allowed.put("*", of("ecr:", "GetAuthorizationToken"));
    allowed.put(
        "Repositories" + service,
        of("ecr:", "BatchCheckLayerAvailability BatchGetImage GetDownloadUrlForLayer"));
    allowed.put("Logs" + service, of("logs:", "CreateLogStream PutLogEvents"));
    allowed.put("LogsConnect", of("logs:", "CreateLogStream PutLogEvents"));
    allowed.put("Key", of("kms:", "Decrypt"));
    for (String secret : secrets) {
      allowed.put("Secrets" + secret, of("secretsmanager:", "DescribeSecret GetSecretValue"));
    }
    return allowed;
  }

  @Test
  void everyRoleMayDoWhatIsListedWithWhatIsListedAndNoMore() {
    assertThat(small.allowed()).isEqualTo(ALLOWED);
    assertThat(production.allowed()).isEqualTo(ALLOWED);
  }

  /** What is not in a policy of its own would not be in the list above. */
  @Test
  void noRoleHasRightsFromElsewhereButTheOneThatMovesTraffic() {
    for (Deployment deployment : Deployment.all()) {
      for (Template template : List.of(deployment.data(), deployment.edge())) {
        assertThat(template.all("AWS::IAM::Role"))
            .allSatisfy(
                role -> {
                  assertThat(role.at("Policies")).as(role.id()).isNull();
                  if (!role.id().startsWith("GatewayServiceReleaseRole")) {
                    assertThat(role.at("ManagedPolicyArns")).as(role.id()).isNull();
                  }
                });
        assertThat(template.all("AWS::IAM::ManagedPolicy")).isEmpty();
      }
    }
  }

  /** A call that the role does not allow would be found out by somebody who signs in. */
  @Test
  void authMayCallOfThePoolWhatItsCodeCalls() throws IOException {
    Path sources =
        Path.of(
            System.getProperty("portico.root"),
            "auth-service/src/main/java/dev/portico/auth/cognito");
    Pattern call =
        Pattern.compile(
            "\\.(admin[A-Z]\\w*?|list(?:Users|Groups)\\w*?|(?:create|delete|get)Group)"
                + "(?:Paginator)?\\(");
    Set<String> called = new TreeSet<>();
    try (Stream<Path> files = Files.list(sources)) {
      for (Path file : files.toList()) {
        call.matcher(Files.readString(file))
            .results()
            .map(match -> match.group(1))
            .map(name -> "cognito-idp:" + Character.toUpperCase(name.charAt(0)) + name.substring(1))
            .forEach(called::add);
      }
    }
    assertThat(ALLOWED.get("AuthTaskTaskRole")).containsEntry("PeoplePool", called);
  }

  /** Calls of the SDK, and the rights that AWS asks for: not always one of the same name. */
  private static final Map<String, String> NEEDED =
      Map.ofEntries(
          Map.entry("getObject", "s3:GetObject"),
          Map.entry("headObject", "s3:GetObject"),
          Map.entry("putObject", "s3:PutObject"),
          Map.entry("copyObject", "s3:GetObject s3:PutObject"),
          Map.entry("createMultipartUpload", "s3:PutObject"),
          Map.entry("uploadPart", "s3:PutObject"),
          Map.entry("completeMultipartUpload", "s3:PutObject"),
          Map.entry("abortMultipartUpload", "s3:AbortMultipartUpload"),
          Map.entry("deleteObjects", "s3:DeleteObject"),
          Map.entry("headBucket", "s3:ListBucket"),
          Map.entry("listObjectsV2", "s3:ListBucket"),
          Map.entry("listMultipartUploadsPaginator", "s3:ListBucketMultipartUploads"),
          Map.entry("getItem", "dynamodb:GetItem"),
          Map.entry("batchGetItem", "dynamodb:BatchGetItem"),
          Map.entry("query", "dynamodb:Query"),
          Map.entry("putItem", "dynamodb:PutItem"),
          Map.entry("updateItem", "dynamodb:UpdateItem"),
          Map.entry("deleteItem", "dynamodb:DeleteItem"),
          Map.entry("batchWriteItem", "dynamodb:BatchWriteItem"),
          // Rights are those of what is in the transaction, which is looked for by itself.
          Map.entry("transactWriteItems", ""),
          Map.entry("put", "dynamodb:PutItem"),
          Map.entry("update", "dynamodb:UpdateItem"),
          Map.entry("delete", "dynamodb:DeleteItem"),
          Map.entry("conditionCheck", "dynamodb:ConditionCheckItem"),
          Map.entry("close", ""));

  private static final Pattern HAS_CLIENT =
      Pattern.compile("import software\\.amazon\\.awssdk\\.services\\.\\w+\\.\\w+Client;");

  private static final Pattern CALL = Pattern.compile("\\bclient(?:\\(\\))?\\s*\\.(\\w+)\\(");

  private static final Pattern IN_TRANSACTION =
      Pattern.compile(
          "\\b(?:item|TransactWriteItem\\.builder\\(\\))"
              + "\\s*\\.(put|update|delete|conditionCheck)\\(\\s*it\\b");

  /** Rights of the calls of S3 and of the table in those sources. */
  private static Set<String> needed(String sources) throws IOException {
    Set<String> needed = new TreeSet<>();
    List<Path> all;
    try (Stream<Path> files = Files.walk(Path.of(System.getProperty("portico.root"), sources))) {
      all = files.filter(file -> file.toString().endsWith(".java")).toList();
    }
    assertThat(all).isNotEmpty();
    for (Path file : all) {
      String text = Files.readString(file);
      boolean makesTheClient = file.getFileName().toString().endsWith("Factory.java");
      if (text.contains("import software.amazon.awssdk.services.") && !makesTheClient) {
        boolean asks = HAS_CLIENT.matcher(text).find() || text.contains(".client()");
        Stream.concat(
                asks ? CALL.matcher(text).results() : Stream.empty(),
                IN_TRANSACTION.matcher(text).results())
            .map(match -> match.group(1))
            .forEach(
                call -> {
                  assertThat(NEEDED).as("%s calls %s", file, call).containsKey(call);
                  String rights = Objects.requireNonNull(NEEDED.get(call));
                  needed.addAll(Arrays.asList(rights.split(" ", -1)));
                });
      }
    }
    needed.remove("");
    return needed;
  }

  private static Set<String> allowed(String role, String... resources) {
    Map<String, Set<String>> of = Objects.requireNonNull(ALLOWED.get(role));
    return Arrays.stream(resources)
        .flatMap(resource -> Objects.requireNonNull(of.get(resource)).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** A call that the role does not allow would be found out at the end of a collector's run. */
  @Test
  void contentMayCallOfBucketAndTableWhatItsCodeCalls() throws IOException {
    assertThat(needed("content-service/src/main/java/dev/portico/content"))
        .isEqualTo(
            allowed(
                "ContentTaskTaskRole",
                "FilesBucket",
                "FilesBucket/*",
                "FactsTable",
                "FactsTable/index/gsi1"));
  }

  @Test
  void authMayCallOfTheTableWhatItsCodeCalls() throws IOException {
    assertThat(needed("auth-service/src/main/java/dev/portico/auth/dynamodb"))
        .isEqualTo(allowed("AuthTaskTaskRole", "FactsTable"));
  }

  /** The containers of a task share its role, so that the collector's right is each service's. */
  @Test
  void withTracesEachServiceMayHandThemOverAndTheGatewayNothingElse() {
    Set<String> collect = of("xray:", "PutTraceSegments");
    Map<String, Map<String, Set<String>>> allowed = new TreeMap<>(ALLOWED);
    allowed.put("GatewayTaskTaskRole", Map.of("*", collect));
    for (String role : List.of("ContentTaskTaskRole", "AuthTaskTaskRole")) {
      Map<String, Set<String>> all = new TreeMap<>(Objects.requireNonNull(ALLOWED.get(role)));
      all.put("*", collect);
      allowed.put(role, all);
    }
    assertThat(traced.allowed()).isEqualTo(allowed);
  }

  @Test
  void theKeyIsUsedByWayOfServicesThatNeedItOnly() {
    for (Template template : List.of(small, production)) {
      assertThat(template.statements(""))
          .filteredOn(statement -> String.valueOf(statement.get("Action")).contains("kms:"))
          .hasSize(6)
          .allSatisfy(
              statement ->
                  assertThat(String.valueOf(statement.get("Condition")))
                      .contains("kms:ViaService", ".eu-central-1.amazonaws.com"));
    }
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
  void contentUsesTheKeyForItsBucketAndTable() {
    assertThat(String.valueOf(statement(small, "ContentTaskTaskRole", "Key").get("Condition")))
        .contains("s3.eu-central-1.amazonaws.com", "dynamodb.eu-central-1.amazonaws.com");
  }

  @Test
  void authReachesOfTheTableItsOwnItemsOnly() {
    assertThat(statement(small, "AuthTaskTaskRole", "Sessions").get("Condition"))
        .isEqualTo(
            Map.of("ForAllValues:StringLike", Map.of("dynamodb:LeadingKeys", List.of("AUTH#*"))));
  }

  @Test
  void theSmokeTestMayBeInvokedBeforeAReleaseAsksIt() {
    assertThat(String.valueOf(small.one("AWS::ECS::Service", "GatewayService").body()))
        .contains("SmokeTestInvokerDefaultPolicy");
  }

  @Test
  void noActionIsAPatternAndEverythingIsNamedButTheTokenOfEcr() {
    Pattern pattern = Pattern.compile(".*\\*.*");
    for (Template template : List.of(small, production, traced)) {
      for (Map<String, Object> statement : template.statements("")) {
        assertThat(actions(statement))
            .noneMatch(action -> pattern.matcher(String.valueOf(action)).matches());
        if ("*".equals(statement.get("Resource"))) {
          boolean traces = "Traces".equals(statement.get("Sid"));
          assertThat(actions(statement))
              .map(String::valueOf)
              .containsExactly(traces ? "xray:PutTraceSegments" : "ecr:GetAuthorizationToken");
        }
      }
    }
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
