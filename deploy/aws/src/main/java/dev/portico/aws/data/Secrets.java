package dev.portico.aws.data;

import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.secretsmanager.ISecret;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.amazon.awscdk.services.secretsmanager.SecretStringGenerator;
import software.constructs.Construct;

/**
 * What services prove themselves with to one another, one secret for each pair, and the keys that
 * seal sessions.
 *
 * <p>A secret of a pair has two fields: {@code present}, which the caller sends, and {@code also},
 * which is accepted besides while one is being replaced. In every state of a replacement any task
 * of either side can be started anew (docs/aws.md).
 */
public final class Secrets extends Construct {
  /** The field that the caller sends. */
  public static final String PRESENT = "present";

  /** The field that is accepted besides; a comma alone is none. */
  public static final String ALSO = "also";

  /** But not by a first deployment that fails, to which they would be in the way by their names. */
  private static final RemovalPolicy KEPT = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

  /** Letters and digits: more than 256 bits. */
  private static final int LENGTH = 48;

  private final ISecret gatewayToContent;
  private final ISecret gatewayToAuth;
  private final ISecret contentToAuth;
  private final ISecret sealingKeys;

  /** All secrets, named below {@code prefix} and encrypted with {@code key}. */
  public Secrets(Construct scope, String prefix, IKey key) {
    super(scope, "Secrets");
    gatewayToContent = pair("GatewayToContent", prefix + "/gateway-to-content", key);
    gatewayToAuth = pair("GatewayToAuth", prefix + "/gateway-to-auth", key);
    contentToAuth = pair("ContentToAuth", prefix + "/content-to-auth", key);
    sealingKeys =
        Secret.Builder.create(this, "SealingKeys")
            .secretName(prefix + "/sealing-keys")
            .description(
                "PORTICO_AUTH_SEALING_KEYS. Made random and of no use; docs/aws.md sets it")
            .encryptionKey(key)
            .removalPolicy(KEPT)
            .build();
  }

  private Secret pair(String id, String name, IKey key) {
    return Secret.Builder.create(this, id)
        .secretName(name)
        .description("docs/aws.md says how it is replaced")
        .encryptionKey(key)
        .generateSecretString(
            SecretStringGenerator.builder()
                .secretStringTemplate("{\"" + ALSO + "\":\",\"}")
                .generateStringKey(PRESENT)
                .passwordLength(LENGTH)
                .excludePunctuation(true)
                .build())
        .removalPolicy(KEPT)
        .build();
  }

  /** What gateways send to content-service. */
  public ISecret gatewayToContent() {
    return gatewayToContent;
  }

  /** What gateways send to auth-service. */
  public ISecret gatewayToAuth() {
    return gatewayToAuth;
  }

  /** What content-service sends to auth-service. */
  public ISecret contentToAuth() {
    return contentToAuth;
  }

  /** Keys that auth-service seals sessions with. */
  public ISecret sealingKeys() {
    return sealingKeys;
  }
}
