package dev.portico.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.aws.fixture.Deployment;
import dev.portico.aws.fixture.Template;
import dev.portico.aws.fixture.Template.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

class DataStackTest {
  private final Template small = Deployment.small().data();
  private final Template production = Deployment.production().data();

  /** How the access log is asked. */
  private static final Set<String> DELETABLE =
      Set.of(
          "AWS::Glue::Database",
          "AWS::Glue::Table",
          "AWS::Athena::WorkGroup",
          "AWS::Athena::NamedQuery");

  @Test
  void whatHoldsDataOutlivesTheStack() {
    for (Template template : List.of(small, production, Deployment.hosted().data())) {
      List<Resource> kept =
          template.everything().stream()
              .filter(resource -> !DELETABLE.contains(resource.body().get("Type")))
              .toList();
      assertThat(kept)
          .allSatisfy(
              resource -> {
                assertThat(resource.body())
                    .extractingByKey("DeletionPolicy")
                    .isIn("Retain", "RetainExceptOnCreate");
                assertThat(resource.body()).containsEntry("UpdateReplacePolicy", "Retain");
              });
    }
    assertThat(production.everything())
        .extracting(resource -> String.valueOf(resource.body().get("Type")))
        .as("all that there is, so that what is added is thought about")
        .containsOnly(
            Stream.concat(
                    DELETABLE.stream(),
                    Stream.of(
                        "AWS::S3::Bucket",
                        "AWS::S3::BucketPolicy",
                        "AWS::DynamoDB::GlobalTable",
                        "AWS::KMS::Key",
                        "AWS::KMS::Alias",
                        "AWS::Cognito::UserPool",
                        "AWS::Cognito::UserPoolClient",
                        "AWS::Cognito::UserPoolDomain",
                        "AWS::Cognito::UserPoolGroup",
                        "AWS::Cognito::UserPoolResourceServer",
                        "AWS::Cognito::ManagedLoginBranding",
                        "AWS::Cognito::IdentityPool",
                        "AWS::Cognito::IdentityPoolRoleAttachment",
                        "AWS::IAM::Role",
                        "AWS::ECR::Repository",
                        "AWS::SecretsManager::Secret"))
                .toArray(String[]::new));
  }

  @Test
  void whatHasANameOfItsOwnIsInNobodysWayAfterAFirstDeploymentThatFailed() {
    for (String type :
        List.of(
            "AWS::ECR::Repository",
            "AWS::SecretsManager::Secret",
            "AWS::KMS::Alias",
            "AWS::Cognito::UserPoolDomain")) {
      assertThat(small.all(type))
          .isNotEmpty()
          .allSatisfy(
              resource ->
                  assertThat(resource.body())
                      .containsEntry("DeletionPolicy", "RetainExceptOnCreate"));
    }
  }

  @Test
  void theStackItselfIsProtectedFromDeletion() throws IOException {
    for (Deployment deployment : List.of(Deployment.small(), Deployment.production())) {
      Map<String, Object> manifest =
          new Yaml().load(Files.readString(deployment.folder().resolve("manifest.json")));
      assertThat(
              Template.find(
                  manifest,
                  "artifacts."
                      + deployment.settings().dataStack()
                      + ".properties.terminationProtection"))
          .isEqualTo(true);
    }
  }

  @Test
  @SuppressWarnings("unchecked")
  void theTableIsThatOfTheContract() throws IOException {
    Map<String, Object> contract =
        new Yaml()
            .load(
                Files.readString(
                    Deployment.module().resolveSibling("contracts").resolve("table.json")));
    Resource table = small.one("AWS::DynamoDB::GlobalTable", "FactsTable");
    assertThat(table.at("KeySchema")).isEqualTo(contract.get("KeySchema"));
    assertThat((List<Object>) table.at("AttributeDefinitions"))
        .containsExactlyInAnyOrderElementsOf((List<Object>) contract.get("AttributeDefinitions"));
    assertThat(table.at("GlobalSecondaryIndexes"))
        .isEqualTo(contract.get("GlobalSecondaryIndexes"));
    assertThat(table.at("BillingMode")).isEqualTo(contract.get("BillingMode"));
    assertThat(table.at("TimeToLiveSpecification"))
        .isEqualTo(Map.of("AttributeName", "expiresAt", "Enabled", true));
    assertThat(table.at("StreamSpecification.StreamViewType")).isEqualTo("NEW_AND_OLD_IMAGES");
    assertThat(table.at("SSESpecification.SSEType")).isEqualTo("KMS");
    assertThat(table.at("Replicas.0.DeletionProtectionEnabled")).isEqualTo(true);
    assertThat(table.at("Replicas.0.PointInTimeRecoverySpecification"))
        .isEqualTo(Map.of("PointInTimeRecoveryEnabled", true, "RecoveryPeriodInDays", 35));
  }

  @Test
  void bucketsAreClosedEncryptedAndOverTlsOnly() {
    assertThat(small.all("AWS::S3::Bucket"))
        .hasSize(3)
        .allSatisfy(
            bucket -> {
              assertThat(bucket.at("PublicAccessBlockConfiguration"))
                  .isEqualTo(
                      Map.of(
                          "BlockPublicAcls", true,
                          "BlockPublicPolicy", true,
                          "IgnorePublicAcls", true,
                          "RestrictPublicBuckets", true));
              assertThat(bucket.at("BucketEncryption")).isNotNull();
              assertThat(bucket.at("OwnershipControls.Rules.0.ObjectOwnership"))
                  .isEqualTo("BucketOwnerEnforced");
            });
    assertThat(small.all("AWS::S3::BucketPolicy"))
        .hasSize(3)
        .allSatisfy(
            policy ->
                assertThat(policy.list("PolicyDocument.Statement").getFirst())
                    .containsEntry("Effect", "Deny")
                    .extractingByKey("Condition")
                    .asString()
                    .contains("aws:SecureTransport"));
  }

  @Test
  void filesAreKeptAsLongAsTheTableCanGoBackAndLeftoversAreNot() {
    Resource bucket = small.one("AWS::S3::Bucket", "FilesBucket");
    assertThat(bucket.at("VersioningConfiguration.Status")).isEqualTo("Enabled");
    assertThat(bucket.at("BucketEncryption.ServerSideEncryptionConfiguration.0.BucketKeyEnabled"))
        .isEqualTo(true);
    assertThat(bucket.at("LoggingConfiguration")).isNotNull();
    assertThat(bucket.list("LifecycleConfiguration.Rules"))
        .extracting(rule -> rule.get("Id"))
        .containsExactly("unfinished-uploads", "unfinished-parts", "deleted-objects");
    assertThat(bucket.at("LifecycleConfiguration.Rules.0.Prefix")).isEqualTo("uploads/");
    assertThat(bucket.at("LifecycleConfiguration.Rules.2.ExpiredObjectDeleteMarker"))
        .as("of all prefixes, blobs/ too")
        .isEqualTo(true);
    assertThat(bucket.at("LifecycleConfiguration.Rules.2.Prefix")).isNull();
    assertThat(
            bucket.at("LifecycleConfiguration.Rules.2.NoncurrentVersionExpiration.NoncurrentDays"))
        .isEqualTo(35);
  }

  @Test
  void theKeyIsReplacedEveryYear() {
    assertThat(small.one("AWS::KMS::Key", "Key").at("EnableKeyRotation")).isEqualTo(true);
  }

  @Test
  void tagsOfImagesNeverMoveAndImagesAreScannedAndTidiedUp() {
    assertThat(small.all("AWS::ECR::Repository"))
        .extracting(repository -> repository.at("RepositoryName"))
        .containsExactlyInAnyOrder(
            "portico/gateway-service", "portico/content-service", "portico/auth-service");
    assertThat(small.all("AWS::ECR::Repository"))
        .allSatisfy(
            repository -> {
              assertThat(repository.at("ImageTagMutability")).isEqualTo("IMMUTABLE_WITH_EXCLUSION");
              assertThat(repository.list("ImageTagMutabilityExclusionFilters"))
                  .extracting(filter -> filter.get("ImageTagMutabilityExclusionFilterValue"))
                  .containsExactly("latest");
              assertThat(repository.at("ImageScanningConfiguration.ScanOnPush")).isEqualTo(true);
              assertThat(repository.at("LifecyclePolicy.LifecyclePolicyText"))
                  .asString()
                  .contains("sinceImagePushed")
                  .as("fifty releases: an index and two images each")
                  .contains("\"countType\":\"imageCountMoreThan\",\"countNumber\":150");
            });
  }

  @Test
  void accountsAreMadeByAdministratorsAndNeedASecondFactor() {
    Resource pool = small.one("AWS::Cognito::UserPool", "PeoplePool");
    assertThat(pool.at("AdminCreateUserConfig.AllowAdminCreateUserOnly")).isEqualTo(true);
    assertThat(pool.at("MfaConfiguration")).isEqualTo("ON");
    assertThat(pool.at("EnabledMfas")).isEqualTo(List.of("SOFTWARE_TOKEN_MFA"));
    assertThat(pool.at("DeletionProtection")).isEqualTo("ACTIVE");
    assertThat(pool.at("Policies.PasswordPolicy.MinimumLength")).isEqualTo(12);
    assertThat(pool.at("UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate"))
        .isEqualTo(List.of("email"));
    assertThat(pool.at("AccountRecoverySetting.RecoveryMechanisms.0.Name"))
        .isEqualTo("verified_email");
    assertThat(pool.at("UserPoolTier")).isEqualTo("ESSENTIALS");
    assertThat(small.all("AWS::Cognito::UserPoolGroup"))
        .extracting(group -> group.at("GroupName"))
        .containsExactlyInAnyOrder("admins", "publishers");
    assertThat(small.one("AWS::Cognito::UserPoolResourceServer", "").at("Identifier"))
        .isEqualTo("portico");
    assertThat(small.one("AWS::Cognito::UserPoolDomain", "").at("Domain"))
        .isEqualTo("example-portico");
  }

  @Test
  void theServicesAppClientIsOfUseWithIamCredentialsOnly() {
    Resource client = small.one("AWS::Cognito::UserPoolClient", "PeopleServices");
    assertThat(client.at("ExplicitAuthFlows"))
        .as("with rotation Cognito takes refresh tokens at an operation of its own")
        .isEqualTo(List.of("ALLOW_ADMIN_USER_PASSWORD_AUTH"));
    assertThat(client.at("RefreshTokenRotation.Feature")).isEqualTo("ENABLED");
    assertThat(client.at("GenerateSecret")).isEqualTo(false);
    assertThat(client.at("PreventUserExistenceErrors")).isEqualTo("ENABLED");
    assertThat(client.at("EnableTokenRevocation")).isEqualTo(true);
    assertThat(small.all("AWS::Cognito::UserPoolClient")).hasSize(1);
  }

  /** What docs/sign-in-pages.md asks of it. */
  @Test
  void whereThePoolsPagesServeTheServicesAppClientAllowsTheCodeFlow() throws IOException {
    Template hosted = Deployment.hosted().data();
    Resource client = hosted.one("AWS::Cognito::UserPoolClient", "PeopleServices");
    String auth =
        String.valueOf(Deployment.hosted().edge().environment("AuthTask").get("PORTICO_AUTH_URL"));
    assertThat(client.at("AllowedOAuthFlowsUserPoolClient")).isEqualTo(true);
    assertThat(client.at("AllowedOAuthFlows")).isEqualTo(List.of("code"));
    assertThat(client.at("AllowedOAuthScopes"))
        .isEqualTo(List.of("openid", "email", "profile", "aws.cognito.signin.user.admin"));
    assertThat(client.at("CallbackURLs")).isEqualTo(List.of(auth + "/sign-in/callback"));
    assertThat(client.at("LogoutURLs")).isEqualTo(List.of(auth + "/signed-out"));
    assertThat(client.at("SupportedIdentityProviders")).isEqualTo(List.of("COGNITO", "Company"));
    assertThat(client.at("ExplicitAuthFlows")).isEqualTo(List.of("ALLOW_ADMIN_USER_PASSWORD_AUTH"));
    assertThat(hosted.all("AWS::Cognito::ManagedLoginBranding"))
        .singleElement()
        .satisfies(
            pages -> assertThat(String.valueOf(pages.at("ClientId"))).contains("PeopleServices"));
    assertThat(hosted.one("AWS::Cognito::UserPoolDomain", "").at("ManagedLoginVersion"))
        .as("the classic pages know no prompt")
        .isEqualTo(2);
    assertThat(Files.readString(Deployment.module().resolve("../../docs/sign-in-pages.md")))
        .contains("`/sign-in/callback`", "`/signed-out`", "`aws.cognito.signin.user.admin`");
    assertThat(
            small
                .one("AWS::Cognito::UserPoolClient", "PeopleServices")
                .at("AllowedOAuthFlowsUserPoolClient"))
        .isEqualTo(false);
  }

  @Test
  void productionHasThreatProtectionMailsBySesHostedPagesAndAnIdentityPool() {
    Resource pool = production.one("AWS::Cognito::UserPool", "PeoplePool");
    assertThat(pool.at("UserPoolTier")).isEqualTo("PLUS");
    assertThat(pool.at("UserPoolAddOns.AdvancedSecurityMode")).isEqualTo("ENFORCED");
    assertThat(pool.at("EmailConfiguration.EmailSendingAccount")).isEqualTo("DEVELOPER");
    assertThat(pool.at("EmailConfiguration.From")).isEqualTo("no-reply@example.com");
    Resource hosted = production.one("AWS::Cognito::UserPoolClient", "PeopleHosted");
    assertThat(production.all("AWS::Cognito::ManagedLoginBranding")).hasSize(1);
    assertThat(small.all("AWS::Cognito::ManagedLoginBranding")).isEmpty();
    assertThat(hosted.at("ExplicitAuthFlows")).isEqualTo(List.of("ALLOW_REFRESH_TOKEN_AUTH"));
    assertThat(hosted.at("AllowedOAuthFlows")).isEqualTo(List.of("code"));
    assertThat(hosted.at("CallbackURLs")).isEqualTo(List.of("https://app.example.com/signed-in"));
    Resource identities = production.one("AWS::Cognito::IdentityPool", "");
    assertThat(identities.at("AllowUnauthenticatedIdentities")).isEqualTo(false);
    assertThat(identities.at("CognitoIdentityProviders.0.ServerSideTokenCheck")).isEqualTo(true);
    assertThat(production.all("AWS::IAM::Policy"))
        .as("people get no rights in AWS until a team gives them some")
        .isEmpty();
  }

  @Test
  void secretsAreMadeByAwsAndAreInNoTemplate() {
    assertThat(small.all("AWS::SecretsManager::Secret"))
        .extracting(secret -> secret.at("Name"))
        .containsExactlyInAnyOrder(
            "portico/gateway-to-content",
            "portico/gateway-to-auth",
            "portico/content-to-auth",
            "portico/sealing-keys");
    assertThat(small.all("AWS::SecretsManager::Secret"))
        .allSatisfy(
            secret -> {
              assertThat(secret.at("SecretString")).isNull();
              assertThat(secret.at("KmsKeyId")).isNotNull();
            });
    Resource pair = small.one("AWS::SecretsManager::Secret", "SecretsGatewayToContent");
    assertThat(pair.at("GenerateSecretString.SecretStringTemplate")).isEqualTo("{\"also\":\",\"}");
    assertThat(pair.at("GenerateSecretString.GenerateStringKey")).isEqualTo("present");
    assertThat(pair.at("GenerateSecretString.PasswordLength")).isEqualTo(48);
  }
}
