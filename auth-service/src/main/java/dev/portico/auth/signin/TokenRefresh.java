package dev.portico.auth.signin;

import dev.portico.auth.error.Problem;
import dev.portico.auth.revocation.Revocations;
import dev.portico.auth.session.SessionAuthority;
import dev.portico.auth.session.TokenClaims;
import dev.portico.auth.session.Tokens;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refreshes the tokens of sign-ins before they expire, each once for all who ask at the same time,
 * in all copies: who changes the record first has the right to it for a while. The others go on
 * with the tokens that there are, or wait where those have expired.
 */
@Singleton
final class TokenRefresh {
  /** Longer than a call of Cognito takes with its retries. */
  static final Duration RIGHT = Duration.ofSeconds(15);

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(4);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Logger LOG = LoggerFactory.getLogger(TokenRefresh.class);

  private final SignInRecords records;
  private final SessionAuthority cognito;
  private final Revocations revocations;
  private final MeterRegistry meters;
  private final Clock clock;

  TokenRefresh(
      SignInRecords records,
      SessionAuthority cognito,
      Revocations revocations,
      MeterRegistry meters,
      Clock clock) {
    this.records = records;
    this.cognito = cognito;
    this.revocations = revocations;
    this.meters = meters;
    this.clock = clock;
  }

  /**
   * The sign-in with tokens that are not expired.
   *
   * @return empty if it is over, or Cognito says that it is
   * @throws Problem 503 if Cognito does not answer and the tokens have expired
   */
  Optional<SignIn> fresh(SignIn found) {
    SignIn signIn = found;
    Instant deadline = clock.instant().plus(LONGEST_WAIT);
    while (true) {
      Instant now = clock.instant();
      if (!signIn.refreshDue(now) || (signIn.refreshing(now) && !signIn.expired(now))) {
        return Optional.of(signIn);
      }
      if (!signIn.refreshing(now)) {
        SignIn mine = signIn.refreshedUntil(now.plus(RIGHT));
        if (records.replace(signIn, mine)) {
          return refreshed(mine);
        }
      } else if (now.isAfter(deadline)) {
        throw Problem.unavailable("The session is being refreshed for too long. Try again.");
      } else {
        pause();
      }
      Optional<SignIn> again = records.find(signIn.id());
      if (again.isEmpty()) {
        return Optional.empty();
      }
      signIn = again.get();
    }
  }

  private Optional<SignIn> refreshed(SignIn mine) {
    Optional<Tokens> answer;
    try {
      answer = cognito.refresh(mine.tokens().refreshToken());
    } catch (Problem | IllegalStateException e) {
      count("failed");
      if (mine.expired(clock.instant())) {
        records.replace(mine, mine.refreshedUntil(null));
        throw e;
      }
      // The right is kept: while it lasts nobody waits for Cognito again.
      LOG.warn("A session goes on with its tokens, which could not be refreshed: {}", e.toString());
      return Optional.of(mine);
    }
    if (answer.isEmpty()) {
      Optional<SignIn> other = records.find(mine.id()).filter(found -> !sameTokens(found, mine));
      if (other.isPresent()) {
        return other; // another copy has taken the right over, and used the refresh token up
      }
      count("refused");
      revocations.endSignIn(mine.id(), SignInRecords.key(mine.id()));
      return Optional.empty();
    }
    count("done");
    return stored(mine, answer.get());
  }

  /** Keeps the new tokens, unless the sign-in has ended meanwhile: then they must die, too. */
  private Optional<SignIn> stored(SignIn mine, Tokens tokens) {
    SignIn before = mine;
    while (true) {
      SignIn fresh = before.with(tokens, TokenClaims.of(tokens).expiresAt(), clock.instant());
      if (records.replace(before, fresh)) {
        return Optional.of(fresh);
      }
      Optional<SignIn> other = records.find(mine.id());
      if (other.isEmpty()) {
        cognito.revoke(tokens.refreshToken());
        return other;
      }
      if (!sameTokens(mine, other.get())) {
        return other;
      }
      before = other.get();
    }
  }

  private static boolean sameTokens(SignIn one, SignIn other) {
    return one.tokens().equals(other.tokens());
  }

  private void count(String outcome) {
    meters.counter("portico.auth.refreshes", "outcome", outcome).increment();
  }

  /** By sleeping: the copy that refreshes may be another one, which cannot tell when it is done. */
  private static void pause() {
    try {
      Thread.sleep(LOOK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable("The service is stopping. Try again.");
    }
  }
}
