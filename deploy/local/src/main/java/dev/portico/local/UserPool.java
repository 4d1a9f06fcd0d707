package dev.portico.local;

import dev.portico.local.CognitoApi.Refused;
import dev.portico.standins.aws.LocalCredentials;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * The user pool of this machine, made through the same API as one in AWS would be.
 *
 * @param id the pool's id
 * @param clientId the id of the services' app client
 */
record UserPool(String id, String clientId) {
  static final String ADMIN = "admin@portico.localhost";

  /** The platform's roles are Cognito groups (docs/architecture.md). */
  private static final List<String> GROUPS = List.of("admins", "publishers");

  /** The pool that an earlier run has made, else a new one with groups and the admin's account. */
  static UserPool ensure(CognitoApi cognito, DataFolder folder, String password) {
    var known =
        folder
            .noted("user-pool")
            .flatMap(
                id -> folder.noted("user-pool-client").map(client -> new UserPool(id, client)));
    var pool = known.filter(old -> exists(cognito, old)).orElseGet(() -> create(cognito));
    for (var group : GROUPS) {
      tolerate(
          "GroupExistsException",
          () -> cognito.call("CreateGroup", Map.of("UserPoolId", pool.id, "GroupName", group)));
    }
    pool.ensureAdmin(cognito, password);
    // The stand-in makes a pool's keys when they are first asked for, which takes a second or two.
    cognito.get("/" + pool.id + "/.well-known/jwks.json");
    folder.note("user-pool", pool.id);
    folder.note("user-pool-client", pool.clientId);
    return pool;
  }

  /** The issuer in tokens, as AWS writes it. */
  String issuer() {
    return "https://cognito-idp.%s.amazonaws.com/%s"
        .formatted(LocalCredentials.DEFAULT.region(), id);
  }

  /** Where the pool's public keys are. */
  URI keys(URI cognito) {
    return cognito.resolve("/" + id + "/.well-known/jwks.json");
  }

  private static boolean exists(CognitoApi cognito, UserPool pool) {
    try {
      cognito.call(
          "DescribeUserPoolClient", Map.of("UserPoolId", pool.id, "ClientId", pool.clientId));
      return true;
    } catch (Refused refused) {
      if (refused.kind.equals("ResourceNotFoundException")) {
        return false;
      }
      throw refused;
    }
  }

  private static UserPool create(CognitoApi cognito) {
    var id =
        cognito
            .call(
                "CreateUserPool",
                Map.of(
                    "PoolName",
                    "portico",
                    "UsernameAttributes",
                    List.of("email"),
                    "AutoVerifiedAttributes",
                    List.of("email")))
            .path("UserPool")
            .path("Id")
            .asText();
    // Whoever wants a second factor may have one, as docs/auth-service.md shows.
    cognito.call(
        "SetUserPoolMfaConfig",
        Map.of(
            "UserPoolId",
            id,
            "MfaConfiguration",
            "OPTIONAL",
            "SoftwareTokenMfaConfiguration",
            Map.of("Enabled", true)));
    var clientId =
        cognito
            .call(
                "CreateUserPoolClient",
                Map.of(
                    "UserPoolId",
                    id,
                    "ClientName",
                    "portico",
                    "ExplicitAuthFlows",
                    List.of("ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"),
                    "EnableTokenRevocation",
                    true,
                    "PreventUserExistenceErrors",
                    "ENABLED"))
            .path("UserPoolClient")
            .path("ClientId")
            .asText();
    return new UserPool(id, clientId);
  }

  private void ensureAdmin(CognitoApi cognito, String password) {
    boolean created =
        tolerate(
            "UsernameExistsException",
            () ->
                cognito.call(
                    "AdminCreateUser",
                    Map.of(
                        "UserPoolId",
                        id,
                        "Username",
                        ADMIN,
                        "MessageAction",
                        "SUPPRESS",
                        "UserAttributes",
                        List.of(
                            Map.of("Name", "email", "Value", ADMIN),
                            Map.of("Name", "email_verified", "Value", "true")))));
    if (created) {
      // Only then: whoever has changed the password since keeps the new one.
      cognito.call(
          "AdminSetUserPassword",
          Map.of("UserPoolId", id, "Username", ADMIN, "Password", password, "Permanent", true));
      cognito.call(
          "AdminAddUserToGroup",
          Map.of("UserPoolId", id, "Username", ADMIN, "GroupName", "admins"));
    }
  }

  /** Whether the call did something; false when it had been done before. */
  private static boolean tolerate(String kind, Runnable call) {
    try {
      call.run();
      return true;
    } catch (Refused refused) {
      if (refused.kind.equals(kind)) {
        return false;
      }
      throw refused;
    }
  }
}
