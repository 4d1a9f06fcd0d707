package dev.portico.auth.session;

import java.util.Map;

/**
 * Where a step of a sign-in comes from, for the pool to judge its risk by.
 *
 * @param address of the client
 * @param server the host that was asked
 * @param path that was asked
 * @param headers that tell devices apart; none that could be a secret
 * @see <a
 *     href="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ContextDataType.html">ContextDataType</a>
 */
public record SignInContext(
    String address, String server, String path, Map<String, String> headers) {
  /** Keeps a copy. */
  public SignInContext {
    headers = Map.copyOf(headers);
  }
}
