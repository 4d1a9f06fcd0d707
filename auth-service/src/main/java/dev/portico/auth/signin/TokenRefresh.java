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
  /**
   * For how long a copy has the right: for a call of Cognito, for storing what came of it, and for
   * clocks that differ.
   */
  static final Duration RIGHT = SessionAuthority.LONGEST_CALL.plusSeconds(5);

  /** How much of it must be left when Cognito is asked, or else another could ask meanwhile. */
  private static final Duration LEFT = SessionAuthority.LONGEST_CALL.plusSeconds(3);

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
      requireTime(mine);
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
      return refused(mine);
    }
    count("done");
    return stored(mine, answer.get());
  }

  /** Where the table was slow to give the right, it may be over before Cognito has answered. */
  private void requireTime(SignIn mine) {
    if (!mine.refreshing(clock.instant().plus(LEFT))) {
      throw Problem.unavailable("The table is too slow to refresh the session. Try again.");
    }
  }

  /**
   * Ends the sign-in, unless its record is not as it was when Cognito was asked: then another copy
   * has taken the right over, and has used the refresh token up.
   */
  private Optional<SignIn> refused(SignIn mine) {
    if (revocations.endSignIn(mine.id(), () -> records.deletion(mine))) {
      count("refused");
      return Optional.empty();
    }
    return records.find(mine.id()).flatMap(this::fresh);
  }

  /** Keeps the new tokens, unless the sign-in has ended meanwhile: then they must die, too. */
  private Optional<SignIn> stored(SignIn mine, Tokens tokens) {
    Instant freshExpireAt = TokenClaims.of(tokens).expiresAt();
    SignIn before = mine;
    while (true) {
      try {
        SignIn fresh = before.with(tokens, freshExpireAt, clock.instant());
        if (records.replace(before, fresh)) {
          return Optional.of(fresh);
        }
        Optional<SignIn> other = records.find(mine.id());
        if (other.isEmpty()) {
          revoke(tokens);
          return other;
        }
        if (!sameTokens(mine, other.get())) {
          return other;
        }
        before = other.get();
      } catch (Problem e) {
        // Nobody else has these tokens, and the refresh token before may be used up.
        if (!mine.refreshing(clock.instant())) {
          LOG.error("Refreshed tokens of a session could not be stored, and are lost");
          throw e;
        }
        pause();
      }
    }
  }

  private void revoke(Tokens tokens) {
    try {
      cognito.revoke(tokens.refreshToken());
    } catch (Problem | IllegalStateException e) {
      // Nobody but this copy has these tokens, and it forgets them.
      LOG.warn("The tokens of a session that has ended could not be revoked: {}", e.toString());
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
