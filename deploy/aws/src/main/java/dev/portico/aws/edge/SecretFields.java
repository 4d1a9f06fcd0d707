package dev.portico.aws.edge;

import java.util.HashMap;
import java.util.Map;
import software.amazon.awscdk.services.ecs.Secret;
import software.amazon.awscdk.services.secretsmanager.ISecret;
import software.constructs.Construct;

/**
 * Secrets of the data stack as a task reads them. By their ARN: by themselves they would name the
 * reading role in their key's policy, and the data stack would depend on the edge stack.
 */
final class SecretFields {
  private final Construct scope;
  private final Map<String, ISecret> known = new HashMap<>();

  SecretFields(Construct scope) {
    this.scope = scope;
  }

  /** One field of it. */
  Secret of(ISecret secret, String field) {
    return Secret.fromSecretsManager(known(secret), field);
  }

  /** All of it. */
  Secret of(ISecret secret) {
    return Secret.fromSecretsManager(known(secret));
  }

  private ISecret known(ISecret secret) {
    return known.computeIfAbsent(
        secret.getNode().getId(),
        id ->
            software.amazon.awscdk.services.secretsmanager.Secret.fromSecretCompleteArn(
                scope, "Secret" + id, secret.getSecretArn()));
  }
}
