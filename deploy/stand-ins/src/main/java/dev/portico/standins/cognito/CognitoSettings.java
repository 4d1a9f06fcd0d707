package dev.portico.standins.cognito;

import dev.portico.standins.aws.LocalCredentials;
import java.nio.file.Path;

/**
 * How the stand-in runs.
 *
 * @param host the address to listen on
 * @param port the port, or 0 for any free one
 * @param data the folder that keeps pools, users, keys and messages
 * @param credentials the AWS credentials that administrators must sign with, and the region
 * @param issuer the {@code iss} of tokens; <code>{region}</code> and <code>{poolId}</code> are
 *     filled in. By default as AWS writes it, so that only the JWKS address tells the stand-in from
 *     AWS.
 * @param beyondLoopback whether {@code host} may be reachable from other machines
 */
public record CognitoSettings(
    String host,
    int port,
    Path data,
    LocalCredentials credentials,
    String issuer,
    boolean beyondLoopback) {
  /** The issuer as AWS writes it. */
  public static final String AWS_ISSUER = "https://cognito-idp.{region}.amazonaws.com/{poolId}";

  /** On the loopback, with the local credentials and AWS's issuer. */
  public static CognitoSettings local(int port, Path data) {
    return new CognitoSettings(
        "127.0.0.1", port, data, LocalCredentials.DEFAULT, AWS_ISSUER, false);
  }

  /** The same with another issuer. */
  public CognitoSettings withIssuer(String template) {
    return new CognitoSettings(host, port, data, credentials, template, beyondLoopback);
  }

  String issuerOf(String poolId) {
    return issuer.replace("{region}", credentials.region()).replace("{poolId}", poolId);
  }
}
