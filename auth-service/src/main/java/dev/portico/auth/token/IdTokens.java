package dev.portico.auth.token;

import dev.portico.auth.error.Problem;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Verifies the pool's ID tokens where they come by a browser's way. */
@Singleton
public final class IdTokens {
  private final IdTokenRules rules;
  private final PoolKeys keys;
  private final Clock clock;

  IdTokens(TokenSettings settings, PoolKeys keys, Clock clock) {
    this.rules = new IdTokenRules(settings.requiredIssuer(), settings.clockSkew());
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Why a token is not the one that was asked for; empty if it is. For logs: it quotes nothing of
   * the token.
   *
   * @param accessToken that came with it
   * @param clientId the app client
   * @param nonce that was sent
   * @param provenSince since when the account must have been proven; null: whenever
   * @throws Problem 503 if the pool's keys cannot be had
   */
  public Optional<String> refusal(
      String idToken,
      String accessToken,
      String clientId,
      String nonce,
      @Nullable Instant provenSince) {
    try {
      return rules.refusal(
          idToken,
          accessToken,
          new IdTokenRules.Asked(clientId, nonce, provenSince),
          keys,
          clock.instant());
    } catch (KeysUnavailableException e) {
      throw Problem.unavailable(
          "The user pool's keys cannot be fetched, so no token can be verified.");
    }
  }
}
