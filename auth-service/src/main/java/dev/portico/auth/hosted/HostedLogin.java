package dev.portico.auth.hosted;

import dev.portico.auth.error.Problem;
import dev.portico.auth.host.AuthHostSettings;
import dev.portico.auth.seal.Secret;
import dev.portico.auth.session.Tokens;
import dev.portico.auth.token.IdTokens;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pool's hosted login as its client sees it: OpenID Connect's code flow with PKCE, state and
 * nonce.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-endpoints.html">Managed
 *     login endpoints reference</a>
 */
@Singleton
@Requires(property = HostedLoginSettings.PREFIX + ".domain", pattern = "\\s*\\S+\\s*")
public final class HostedLogin {
  /** Where it sends browsers back to, at the auth host. */
  public static final String CALLBACK = "/sign-in/callback";

  /** Where it sends browsers that have signed out, at the auth host. */
  public static final String SIGNED_OUT = "/signed-out";

  /**
   * What the tokens must be good for: who it is, what sites are told of it, and the account pages.
   */
  static final String SCOPE = "openid email profile aws.cognito.signin.user.admin";

  /** End of the problem type of all that the hosted login refuses. */
  public static final String PROBLEM = "hosted-login";

  private static final Logger LOG = LoggerFactory.getLogger(HostedLogin.class);

  private final HostedLoginSettings settings;
  private final AuthHostSettings host;
  private final TokenEndpoint endpoint;
  private final IdTokens idTokens;
  private final Clock clock;

  HostedLogin(
      HostedLoginSettings settings,
      AuthHostSettings host,
      TokenEndpoint endpoint,
      IdTokens idTokens,
      Clock clock) {
    this.settings = settings;
    this.host = host;
    this.endpoint = endpoint;
    this.idTokens = idTokens;
    this.clock = clock;
  }

  /**
   * Begins an attempt.
   *
   * @param again whether the account must be proven anew
   * @param requestUri the site's request that it is for, if one sent the browser
   * @param next the page that it is for, if it is one of the account
   */
  public LoginAttempt begin(boolean again, @Nullable String requestUri, @Nullable String next) {
    return new LoginAttempt(
        LoginAttempts.freshState(),
        Secret.fresh(),
        Secret.fresh(),
        clock.instant().getEpochSecond(),
        again,
        requestUri,
        next);
  }

  /**
   * Where the browser goes for it.
   *
   * @param provider the identity provider that was asked for; null: as configured
   * @throws Problem 400 if that cannot be the name of one
   */
  public String authorize(LoginAttempt attempt, @Nullable String provider) {
    if (provider != null && !HostedLoginSettings.isProvider(provider)) {
      throw Problem.invalid("identity_provider", "is not the name of an identity provider");
    }
    var query = new LinkedHashMap<String, String>();
    query.put("response_type", "code");
    query.put("client_id", settings.client());
    query.put("redirect_uri", host.url() + CALLBACK);
    query.put("scope", SCOPE);
    query.put("state", attempt.state());
    query.put("nonce", attempt.nonce());
    query.put("code_challenge", Secret.challenge(attempt.verifier()));
    query.put("code_challenge_method", "S256");
    if (attempt.again()) {
      query.put("prompt", "login");
    }
    Optional.ofNullable(provider)
        .or(() -> Optional.ofNullable(settings.identityProvider()))
        .ifPresent(name -> query.put("identity_provider", name));
    return settings.requiredDomain() + "/oauth2/authorize?" + encoded(query);
  }

  /**
   * The tokens for the code that came back.
   *
   * @throws Problem 400 if the code is not good any more; 403 if the tokens are not what was asked
   *     for; 503 if the hosted login does not answer
   */
  public Tokens tokens(LoginAttempt attempt, String code) {
    Tokens tokens =
        endpoint
            .exchange(code, host.url() + CALLBACK, attempt.verifier())
            .orElseThrow(HostedLogin::notBegunHere);
    Optional<String> refusal =
        idTokens.refusal(
            tokens.idToken(),
            tokens.accessToken(),
            settings.client(),
            attempt.nonce(),
            attempt.provenSince());
    if (refusal.isPresent()) {
      LOG.warn("The hosted login's ID token is refused: {}", refusal.get());
      throw refused();
    }
    return tokens;
  }

  /** 400: nothing goes on with this. */
  public static Problem notBegunHere() {
    return Problem.of(
        400,
        "authorization-request",
        "The sign-in cannot go on",
        "It was begun too long ago, in another browser, or is complete already.");
  }

  /**
   * 403: the hosted login did not sign the person in.
   *
   * @param error what it said, as RFC 6749 section 4.1.2.1 has it
   * @param description its words, for the log alone
   */
  public static Problem refused(String error, @Nullable String description) {
    LOG.warn(
        "The hosted login sent a browser back with {}: {}",
        printable(error),
        printable(String.valueOf(description)));
    return refused();
  }

  private static Problem refused() {
    return Problem.of(
        403,
        PROBLEM,
        "The sign-in was not completed",
        "The login page did not sign this browser in as it was asked to.");
  }

  private static String printable(String text) {
    String plain = text.replaceAll("[^\\x20-\\x7e]", " ");
    return plain.length() <= 300 ? plain : plain.substring(0, 300);
  }

  /** Where the browser goes to be signed out there, too; from there it comes back to this host. */
  public String signOut() {
    var query = new LinkedHashMap<String, String>();
    query.put("client_id", settings.client());
    query.put("logout_uri", host.url() + SIGNED_OUT);
    return settings.requiredDomain() + "/logout?" + encoded(query);
  }

  /** Its origin (RFC 6454 section 6.2). */
  public String origin() {
    return settings.requiredDomain();
  }

  private static String encoded(Map<String, String> query) {
    return query.entrySet().stream()
        .map(
            each ->
                each.getKey() + '=' + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }
}
