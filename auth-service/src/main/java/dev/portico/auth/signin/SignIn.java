package dev.portico.auth.signin;

import dev.portico.auth.session.Tokens;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One browser that is signed in.
 *
 * @param id names it; no secret
 * @param secretHash SHA-256 of the secret in the cookie
 * @param subject the account
 * @param originJti what its access tokens have in common; null if the pool does not say
 * @param authenticatedAt when the account was proven, by the pool's clock
 * @param created when it was begun here
 * @param expiresAt when it ends at the latest
 * @param used when it was last used, as far as it was written down
 * @param tokensExpireAt when the access token expires
 * @param tokens Cognito's
 * @param version of the record, counted up by each change
 * @param refreshedUntil until when a copy has the right to refresh the tokens; null: none has
 */
public record SignIn(
    String id,
    String secretHash,
    String subject,
    @Nullable String originJti,
    Instant authenticatedAt,
    Instant created,
    Instant expiresAt,
    Instant used,
    Instant tokensExpireAt,
    Tokens tokens,
    long version,
    @Nullable Instant refreshedUntil) {
  /** The longest time before their expiry that tokens are refreshed. */
  private static final Duration LONGEST_AHEAD = Duration.ofMinutes(5);

  /** Whether its time is over. */
  boolean over(Instant now, SignInSettings settings) {
    return !now.isBefore(expiresAt)
        || !now.isBefore(used.plus(settings.idle()).plus(settings.lag()));
  }

  /** Whether its use must be written down, since it was not for long. */
  boolean unwritten(Instant now, SignInSettings settings) {
    return !now.isBefore(used.plus(settings.lag()));
  }

  /** Whether the access token has expired. */
  boolean expired(Instant now) {
    return !now.isBefore(tokensExpireAt);
  }

  /** Whether the tokens are so near their expiry that new ones are to be had: in the last fifth. */
  boolean refreshDue(Instant now) {
    Duration fifth = Duration.ofSeconds(tokens.expiresIn()).dividedBy(5);
    Duration ahead = fifth.compareTo(LONGEST_AHEAD) < 0 ? fifth : LONGEST_AHEAD;
    return !now.isBefore(tokensExpireAt.minus(ahead));
  }

  /** Whether a copy is refreshing the tokens. */
  boolean refreshing(Instant now) {
    return refreshedUntil != null && now.isBefore(refreshedUntil);
  }

  SignIn usedAt(Instant now) {
    return next(now, tokensExpireAt, tokens, refreshedUntil);
  }

  SignIn refreshedUntil(@Nullable Instant until) {
    return next(used, tokensExpireAt, tokens, until);
  }

  SignIn with(Tokens fresh, Instant freshExpireAt, Instant now) {
    return next(now, freshExpireAt, fresh, null);
  }

  private SignIn next(Instant nextUsed, Instant nextExpiry, Tokens next, @Nullable Instant until) {
    return new SignIn(
        id,
        secretHash,
        subject,
        originJti,
        authenticatedAt,
        created,
        expiresAt,
        nextUsed,
        nextExpiry,
        next,
        version + 1,
        until);
  }
}
