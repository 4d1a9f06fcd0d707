package dev.portico.auth.authorization;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.uri.UriBuilder;
import io.micronaut.serde.annotation.Serdeable;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;

/**
 * A request that is under way: what a gateway pushed, and when.
 *
 * @param pushed by the gateway
 * @param issued when, in seconds of the epoch
 */
@Serdeable
@Introspected
public record AuthorizationRequest(PushedRequest pushed, long issued) {
  /**
   * Whether a sign-in will do. Where the account must be proven anew it must have begun since, and
   * not by what the pool's own login page still knew. The times may be of copies whose clocks
   * differ by less than a second: who has just signed in must not be asked to do so again and
   * again.
   *
   * @param proven when the account was proven, by the pool's clock
   * @param skew by how much that may differ from this service's
   */
  public boolean satisfiedBy(Instant signedIn, Instant proven, Duration skew) {
    return pushed.prompt() == null
        || (signedIn.getEpochSecond() >= issued - 1
            && proven.plus(skew).getEpochSecond() >= issued - 1);
  }

  /**
   * Where the browser goes back to with a code (RFC 6749 section 4.1.2, RFC 9207).
   *
   * @param issuer the auth host
   */
  URI success(String code, String issuer) {
    return answer("code", code, issuer);
  }

  /**
   * Where the browser goes back to without one (RFC 6749 section 4.1.2.1).
   *
   * @param error such as {@code access_denied}
   * @param issuer the auth host
   */
  public URI failure(String error, String issuer) {
    return answer("error", error, issuer);
  }

  private URI answer(String name, String value, String issuer) {
    return UriBuilder.of(pushed.redirectUri())
        .queryParam(name, value)
        .queryParam("state", pushed.state())
        .queryParam("iss", issuer)
        .build();
  }
}
