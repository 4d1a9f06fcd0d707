package dev.portico.auth.authorization;

import dev.portico.auth.error.Problem;
import dev.portico.auth.host.AuthHostSettings;
import dev.portico.auth.seal.Seal;
import io.micronaut.http.uri.UriBuilder;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Requests that gateways have pushed. Nothing is kept of them: the request URI is the request
 * itself, sealed, so that browsers can bring only what a gateway has pushed.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9126">RFC 9126, Pushed Authorization Requests</a>
 */
@Singleton
public final class AuthorizationRequests {
  /** How long a browser may take from the first redirect until it is signed in. */
  static final Duration LIFE = Duration.ofMinutes(10);

  private static final String PREFIX = "urn:ietf:params:oauth:request_uri:";
  private static final String PLACE = "authorization-request";
  private static final int LONGEST = 8_192;

  private final Seal seal;
  private final ObjectMapper json;
  private final AuthHostSettings host;
  private final Clock clock;

  AuthorizationRequests(Seal seal, ObjectMapper json, AuthHostSettings host, Clock clock) {
    this.seal = seal;
    this.json = json;
    this.host = host;
    this.clock = clock;
  }

  /**
   * Takes a request in.
   *
   * @return its request URI
   * @throws Problem 400 if it may not be made
   */
  String push(PushedRequest pushed) {
    if (!RedirectUris.allow(pushed.redirectUri())) {
      throw Problem.invalid("redirectUri", "must be https and the path " + RedirectUris.CALLBACK);
    }
    PushedRequest.Look look = pushed.signIn();
    String logo = look == null ? null : look.logo();
    if (logo != null && !RedirectUris.sameOrigin(logo, pushed.redirectUri())) {
      throw Problem.invalid("signIn.logo", "must be at the host of redirectUri");
    }
    var request = new AuthorizationRequest(pushed, clock.instant().getEpochSecond());
    try {
      return PREFIX + seal.close(json.writeValueAsString(request), PLACE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The request of a request URI.
   *
   * @return empty if no gateway has pushed it, or too long ago
   */
  public Optional<AuthorizationRequest> open(String requestUri) {
    return openAnyAge(requestUri).filter(this::isLive);
  }

  /**
   * The same of whatever age: it says still what the pages look like and what site they lead to.
   *
   * @return empty if no gateway has pushed it
   */
  public Optional<AuthorizationRequest> openAnyAge(String requestUri) {
    if (!requestUri.startsWith(PREFIX) || requestUri.length() > LONGEST) {
      return Optional.empty();
    }
    return seal.open(requestUri.substring(PREFIX.length()), PLACE).flatMap(this::read);
  }

  /** Whether a browser can go on with it. */
  public boolean isLive(AuthorizationRequest request) {
    return clock.instant().isBefore(Instant.ofEpochSecond(request.issued()).plus(LIFE));
  }

  /** Where browsers begin with a request, and come back to when they are signed in. */
  public URI authorize(String site, String requestUri) {
    return UriBuilder.of(host.url())
        .path("/authorize")
        .queryParam("client_id", site)
        .queryParam("request_uri", requestUri)
        .build();
  }

  private Optional<AuthorizationRequest> read(String text) {
    try {
      return Optional.of(json.readValue(text, AuthorizationRequest.class));
    } catch (IOException e) {
      // Of another release of this service: as if it were too old.
      return Optional.empty();
    }
  }
}
