package dev.portico.aws.edge;

import dev.portico.aws.data.Secrets;
import dev.portico.aws.settings.Settings;
import dev.portico.aws.settings.Settings.HostedLogin;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.ecs.Secret;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.constructs.Construct;

/** auth-service: its user pool, and of the table what begins with {@code AUTH#}. */
final class AuthService extends Construct {
  private static final int STOP_SECONDS = 60;

  private static final List<String> POOL_ACTIONS =
      List.of(
          "AdminInitiateAuth",
          "AdminRespondToAuthChallenge",
          "AdminUserGlobalSignOut",
          "ListUsers",
          "AdminGetUser",
          "AdminCreateUser",
          "AdminDisableUser",
          "AdminEnableUser",
          "AdminResetUserPassword",
          "AdminDeleteUser",
          "ListGroups",
          "GetGroup",
          "CreateGroup",
          "DeleteGroup",
          "ListUsersInGroup",
          "AdminListGroupsForUser",
          "AdminAddUserToGroup",
          "AdminRemoveUserFromGroup");

  private final FargateService service;

  AuthService(Construct scope, Context context) {
    super(scope, "Auth");
    Settings settings = context.settings();
    service =
        InnerService.run(
            this,
            context,
            Context.AUTH,
            context.network().auth(),
            new Task(
                "auth-service",
                settings.auth(),
                context.data().repositories().auth(),
                settings.images().auth(),
                List.of(Port.AUTH_API, Port.AUTH_INTERNAL),
                Port.AUTH_MANAGEMENT,
                Task.READINESS,
                STOP_SECONDS,
                environment(context),
                secrets(context.data().secrets(), new SecretFields(this)),
                List.of("/tmp"),
                context.logs().auth(),
                rights(context)));
  }

  private static Map<String, String> environment(Context context) {
    Map<String, String> environment = context.environment();
    environment.put("PORTICO_COGNITO_USER_POOL_ID", context.data().people().pool().getUserPoolId());
    environment.put("PORTICO_COGNITO_CLIENT_ID", context.data().people().clientId());
    String identities = context.data().people().identityPoolId();
    if (identities != null) {
      environment.put("PORTICO_COGNITO_IDENTITY_POOL_ID", identities);
    }
    HostedLogin login = context.settings().accounts().hostedLogin();
    if (login != null) {
      environment.put("PORTICO_COGNITO_DOMAIN", context.settings().poolPages());
      String provider = login.identityProvider();
      if (provider != null) {
        environment.put("PORTICO_COGNITO_IDENTITY_PROVIDER", provider);
      }
    }
    environment.put("PORTICO_AUTH_URL", "https://" + context.settings().domains().authHost());
    environment.put("PORTICO_DYNAMODB_TABLE", context.data().facts().table().getTableName());
    environment.put("PORTICO_SHUTDOWN_GRACE", "40s");
    return environment;
  }

  private static Map<String, Secret> secrets(Secrets secrets, SecretFields fields) {
    return new TreeMap<>(
        Map.of(
            "PORTICO_INTERNAL_SECRETS",
            fields.of(secrets.gatewayToAuth(), Secrets.PRESENT),
            "PORTICO_INTERNAL_SECRETS_MORE",
            fields.of(secrets.gatewayToAuth(), Secrets.ALSO),
            "PORTICO_INTERNAL_SECRETS_OF_CONTENT",
            fields.of(secrets.contentToAuth(), Secrets.PRESENT),
            "PORTICO_INTERNAL_SECRETS_OF_CONTENT_MORE",
            fields.of(secrets.contentToAuth(), Secrets.ALSO),
            "PORTICO_AUTH_SEALING_KEYS",
            fields.of(secrets.sealingKeys())));
  }

  private static List<PolicyStatement> rights(Context context) {
    PolicyStatement items =
        Rights.to(
            "Sessions",
            List.of(context.data().facts().table().getTableArn()),
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:PutItem",
            "dynamodb:DeleteItem",
            "dynamodb:ConditionCheckItem");
    items.addCondition(
        "ForAllValues:StringLike", Map.of("dynamodb:LeadingKeys", List.of("AUTH#*")));
    PolicyStatement pool =
        Rights.to(
            "Accounts",
            List.of(context.data().people().pool().getUserPoolArn()),
            POOL_ACTIONS.stream().map(action -> "cognito-idp:" + action).toArray(String[]::new));
    return List.of(
        items, pool, Rights.toUse(context.data().key(), context.settings().region(), "dynamodb"));
  }

  FargateService service() {
    return service;
  }
}
