package dev.portico.aws.data;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.services.cognito.CfnIdentityPool;
import software.amazon.awscdk.services.cognito.CfnIdentityPool.CognitoIdentityProviderProperty;
import software.amazon.awscdk.services.cognito.CfnIdentityPoolRoleAttachment;
import software.amazon.awscdk.services.cognito.UserPool;
import software.amazon.awscdk.services.cognito.UserPoolClient;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.WebIdentityPrincipal;
import software.constructs.Construct;

/**
 * The identity pool, whose role for signed-in people may do nothing until a team gives it rights.
 */
final class AwsCredentials extends Construct {
  private final CfnIdentityPool identities;

  AwsCredentials(Construct scope, UserPool pool, UserPoolClient client) {
    super(scope, "AwsCredentials");
    identities =
        CfnIdentityPool.Builder.create(this, "Identities")
            .allowUnauthenticatedIdentities(false)
            .allowClassicFlow(false)
            .cognitoIdentityProviders(
                List.of(
                    CognitoIdentityProviderProperty.builder()
                        .clientId(client.getUserPoolClientId())
                        .providerName(pool.getUserPoolProviderName())
                        // A session that was ended gets no more of them.
                        .serverSideTokenCheck(true)
                        .build()))
            .build();
    Role role =
        Role.Builder.create(this, "SignedIn")
            .description("Of people who are signed in; give it what they may do in AWS")
            .assumedBy(
                new WebIdentityPrincipal(
                    "cognito-identity.amazonaws.com",
                    new TreeMap<>(
                        Map.of(
                            "StringEquals",
                            Map.of("cognito-identity.amazonaws.com:aud", identities.getRef()),
                            "ForAnyValue:StringLike",
                            Map.of("cognito-identity.amazonaws.com:amr", "authenticated")))))
            .build();
    CfnIdentityPoolRoleAttachment.Builder.create(this, "Roles")
        .identityPoolId(identities.getRef())
        .roles(Map.of("authenticated", role.getRoleArn()))
        .build();
  }

  String poolId() {
    return identities.getRef();
  }
}
