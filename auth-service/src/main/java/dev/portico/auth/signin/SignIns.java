package dev.portico.auth.signin;

import dev.portico.auth.dynamodb.Condition;
import dev.portico.auth.dynamodb.Write;
import dev.portico.auth.error.Problem;
import dev.portico.auth.revocation.Revocations;
import dev.portico.auth.seal.Secret;
import dev.portico.auth.session.SessionAuthority;
import dev.portico.auth.session.TokenClaims;
import dev.portico.auth.session.Tokens;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins, finds and ends sign-ins at the auth host. */
@Singleton
public final class SignIns {
  private static final Logger LOG = LoggerFactory.getLogger(SignIns.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 8;

  private final SignInRecords records;
  private final TokenRefresh refresh;
  private final Revocations revocations;
  private final SessionAuthority cognito;
  private final SignInSettings settings;
  private final Clock clock;

  SignIns(
      SignInRecords records,
      TokenRefresh refresh,
      Revocations revocations,
      SessionAuthority cognito,
      SignInSettings settings,
      Clock clock) {
    this.records = records;
    this.refresh = refresh;
    this.revocations = revocations;
    this.cognito = cognito;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * A sign-in that was begun.
   *
   * @param signIn it
   * @param cookie the value of its cookie (see {@link SignInCookie}), which is a secret
   */
  public record Begun(SignIn signIn, String cookie) {
    /** Without the cookie, since what is printed may be logged. */
    @Override
    public String toString() {
      return "Begun[" + signIn.id() + ']';
    }
  }

  /**
   * Begins a sign-in of a browser. Always a new one with a new secret, whatever cookie the browser
   * had, so that nobody can plant one.
   *
   * @param tokens as Cognito gave them for a proven account
   */
  public Begun begin(Tokens tokens) {
    Instant now = clock.instant();
    TokenClaims claims = TokenClaims.of(tokens);
    String secret = Secret.fresh();
    while (true) {
      var signIn =
          new SignIn(
              freshId(),
              Secret.hash(secret),
              claims.subject(),
              claims.originJti(),
              claims.authenticatedAt(),
              now,
              now.plus(settings.longest()),
              now,
              claims.expiresAt(),
              tokens,
              1,
              null);
      if (records.create(signIn)) {
        return new Begun(signIn, signIn.id() + '.' + secret);
      }
    }
  }

  /**
   * The sign-in of this cookie, with tokens that are valid now.
   *
   * @return empty if there is none, or it is over
   * @throws Problem 503 if the table, or where tokens must be refreshed Cognito, does not answer
   */
  public Optional<SignIn> find(String cookie) {
    int dot = cookie.indexOf('.');
    if (dot < 0 || !SignInCookie.wellFormed(cookie)) {
      return Optional.empty();
    }
    String hash = Secret.hash(cookie.substring(dot + 1));
    return records
        .find(cookie.substring(0, dot))
        .filter(found -> Secret.same(found.secretHash(), hash))
        .flatMap(this::live);
  }

  /**
   * The sign-in of this id, the same way, for what belongs to it. For those only who have proven
   * that they may ask for it.
   */
  public Optional<SignIn> live(String id) {
    return records.find(id).flatMap(this::live);
  }

  private Optional<SignIn> live(SignIn found) {
    return Optional.of(found)
        .filter(signIn -> !signIn.over(clock.instant(), settings))
        .flatMap(refresh::fresh)
        .filter(signIn -> !revocations.hasEnded(signIn.subject(), signIn.authenticatedAt()))
        .map(this::used);
  }

  /**
   * As conditions of a transaction: that a sign-in has not ended since it was found. For what is to
   * belong to it, so that nothing comes to be that no sign-out would reach.
   */
  public List<Write> whileAlive(SignIn signIn) {
    return List.of(
        Write.check(SignInRecords.key(signIn.id()), Condition.exists()),
        revocations.notEnded(signIn.subject(), signIn.authenticatedAt()));
  }

  private SignIn used(SignIn signIn) {
    Instant now = clock.instant();
    if (!signIn.unwritten(now, settings) || signIn.refreshing(now)) {
      return signIn; // not under the hands of who refreshes it
    }
    SignIn after = signIn.usedAt(now);
    // Where another was faster, it has written the same.
    return records.replace(signIn, after) ? after : signIn;
  }

  /**
   * Ends a sign-in with all its sessions at sites: first here, so that it is over whatever happens
   * then; and its tokens at Cognito, if that answers. Harmless if it is over.
   */
  public void end(SignIn signIn) {
    revocations.endSignIn(signIn.id(), SignInRecords.key(signIn.id()));
    revoke(signIn.tokens());
  }

  /**
   * Whether a sign-in with these tokens would be over already, since all of the account's were
   * ended after it was proven; then the tokens are revoked at Cognito, if that answers.
   */
  public boolean refuse(Tokens tokens) {
    TokenClaims claims = TokenClaims.of(tokens);
    boolean ended = revocations.hasEnded(claims.subject(), claims.authenticatedAt());
    if (ended) {
      revoke(tokens);
    }
    return ended;
  }

  private void revoke(Tokens tokens) {
    try {
      cognito.revoke(tokens.refreshToken());
    } catch (Problem | IllegalStateException e) {
      // Nobody but this service has these tokens, and it has them no more.
      LOG.warn("The tokens of a session that has ended could not be revoked: {}", e.toString());
    }
  }

  /**
   * The same by its id, without regard to whether its time is over.
   *
   * @return what it was; empty if there is none
   */
  public Optional<SignIn> end(String id) {
    Optional<SignIn> found = records.find(id);
    found.ifPresent(this::end);
    return found;
  }

  /**
   * Ends all of an account's sign-ins, in all browsers, with all its tokens.
   *
   * @throws Problem 503 if Cognito does not answer: then its refresh tokens are to be ended yet
   */
  public void endAll(SignIn signIn) {
    String username = Profile.of(signIn).username();
    revocations.endAll(
        signIn.subject(),
        () -> {
          cognito.revokeAllOf(username);
          end(signIn); // last: without its record this could not be repeated
        });
  }

  /** The same by the id of one of them. */
  public Optional<SignIn> endAll(String id) {
    Optional<SignIn> found = records.find(id);
    found.ifPresent(this::endAll);
    return found;
  }

  private static String freshId() {
    byte[] random = new byte[ID_BYTES];
    RANDOM.nextBytes(random);
    return "s-" + HexFormat.of().formatHex(random);
  }
}
