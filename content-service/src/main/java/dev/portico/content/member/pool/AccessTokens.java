package dev.portico.content.member.pool;

import com.nimbusds.jwt.JWTClaimsSet;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Verifies access tokens of the pool. Blocks while keys are fetched. */
@Singleton
public final class AccessTokens {
  private static final Logger LOG = LoggerFactory.getLogger(AccessTokens.class);

  private final AccessTokenRules rules;
  private final PoolKeys keys;
  private final PoolKeysFetcher fetcher;
  private final RevocationFollower revocations;
  private final Duration skew;
  private final Clock clock;

  AccessTokens(
      CognitoSettings settings,
      PoolKeys keys,
      PoolKeysFetcher fetcher,
      RevocationFollower revocations,
      Clock clock) {
    this.rules =
        new AccessTokenRules(
            settings.issuer(), new HashSet<>(settings.clientIds()), settings.clockSkew());
    this.keys = keys;
    this.fetcher = fetcher;
    this.revocations = revocations;
    this.skew = settings.clockSkew();
    this.clock = clock;
  }

  /** What a token says. */
  public sealed interface Result {
    /**
     * It is good.
     *
     * @param sub of the person
     * @param username as the pool has it
     * @param groups of the person
     */
    record Accepted(String sub, String username, Set<String> groups) implements Result {}

    /**
     * It is not.
     *
     * @param reason why; safe to show
     */
    record Refused(String reason) implements Result {}

    /**
     * Nothing can be said.
     *
     * @param reason what could not be had; safe to show
     */
    record Unknown(String reason) implements Result {}
  }

  /** Verifies a token. */
  public Result verify(String token) {
    try {
      TokenVerdict verdict = rules.judge(token, keys, clock.instant());
      return switch (verdict) {
        case TokenVerdict.Accepted accepted -> accepted(accepted);
        case TokenVerdict.Refused refused ->
            new Result.Refused(refused.description() + clockWarning());
      };
    } catch (KeysUnavailableException e) {
      LOG.warn("{}", e.getMessage());
      return new Result.Unknown("The user pool's keys cannot be fetched");
    } catch (RevocationsUnavailableException e) {
      LOG.warn("{}", e.getMessage());
      return new Result.Unknown("It is not known which tokens were revoked");
    }
  }

  private Result accepted(TokenVerdict.Accepted token) {
    JWTClaimsSet claims = token.claims();
    if (revocations.revoked(token.originJti(), claims.getSubject(), token.issuedAt())) {
      return new Result.Refused("revoked: the session was ended");
    }
    Object username = claims.getClaim("username");
    return new Result.Accepted(
        claims.getSubject(),
        username instanceof String name ? name : claims.getSubject(),
        Set.copyOf(token.groups()));
  }

  private String clockWarning() {
    Duration offset = fetcher.clockOffset();
    return offset.abs().compareTo(skew) <= 0
        ? ""
        : "; the clock here is "
            + offset.abs().toSeconds()
            + " s "
            + (offset.isNegative() ? "behind" : "ahead of")
            + " the user pool's clock";
  }
}
