package dev.portico.standins.aws;

/**
 * What every stand-in takes for an AWS account.
 *
 * @param region the AWS region's name
 * @param keyId the access key id
 * @param secret the secret access key
 */
public record LocalCredentials(String region, String keyId, String secret) {
  /**
   * The same everywhere locally, so that a person can type them. DynamoDB Local refuses a key id
   * that has anything but letters and digits.
   */
  public static final LocalCredentials DEFAULT =
      new LocalCredentials("us-east-1", "porticolocal", "portico-local-secret");
}
