package dev.portico.auth.session;

import dev.portico.auth.limit.ClientAddress;
import io.micronaut.http.HttpRequest;
import java.util.HashMap;
import java.util.List;
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
  /** Tell devices apart, and hold no secret. */
  private static final List<String> TELLING = List.of("User-Agent", "Accept-Language");

  /** Keeps a copy. */
  public SignInContext {
    headers = Map.copyOf(headers);
  }

  /** The context of a request. */
  public static SignInContext of(HttpRequest<?> http) {
    var headers = new HashMap<String, String>();
    for (String name : TELLING) {
      String value = http.getHeaders().get(name);
      if (value != null) {
        headers.put(name, value);
      }
    }
    // The gateway says by which name it was asked itself.
    String forwarded = http.getHeaders().get("X-Forwarded-Host");
    return new SignInContext(
        ClientAddress.of(http),
        forwarded == null ? http.getServerName() : forwarded,
        http.getPath(),
        headers);
  }
}
