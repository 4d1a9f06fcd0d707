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
  private final Revocations revocations;
  private final RevocationFeed feed;
  private final Duration skew;
  private final Clock clock;

  AccessTokens(
      CognitoSettings settings,
      PoolKeys keys,
      PoolKeysFetcher fetcher,
      Revocations revocations,
      RevocationFeed feed,
      Clock clock) {
    this.rules =
        new AccessTokenRules(
            settings.issuer(), new HashSet<>(settings.clientIds()), settings.clockSkew());
    this.keys = keys;
    this.fetcher = fetcher;
    this.revocations = revocations;
    this.feed = feed;
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

    /** It is good, and nobody's: a program has it by {@code client_credentials}. */
    record Machine() implements Result {}

    /** Nothing can be said: the pool's keys, or what was revoked, could not be learnt. */
    record Unknown() implements Result {}
  }

  /** Verifies a token. */
  public Result verify(String token) {
    try {
      TokenVerdict verdict = rules.judge(token, keys, clock.instant());
      return switch (verdict) {
        case TokenVerdict.Accepted accepted -> unrevoked(accepted);
        case TokenVerdict.Refused refused ->
            new Result.Refused(refused.description() + clockWarning());
      };
    } catch (KeysUnavailableException e) {
      LOG.warn("{}", e.getMessage());
      return new Result.Unknown();
    }
  }

  private Result unrevoked(TokenVerdict.Accepted token) {
    boolean known = feed.known();
    if (revocations.hold(token.claims())) {
      return new Result.Refused("revoked: its account has signed out, or was signed out");
    }
    return known ? accepted(token) : new Result.Unknown();
  }

  private static Result accepted(TokenVerdict.Accepted token) {
    if (token.ofMachine()) {
      return new Result.Machine();
    }
    JWTClaimsSet claims = token.claims();
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
