package dev.portico.gateway.access.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.portico.gateway.access.Identification;
import dev.portico.gateway.access.SecretHash;
import dev.portico.gateway.access.revocation.Revocations;
import dev.portico.gateway.exchange.ConnectionMemory;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers: whose access token is this, and does it hold? Each is verified once, off the event loop,
 * and remembered until it expires; whether it has been revoked is looked up at each use.
 */
@Singleton
public final class AccessTokens {
  /** Bytes of tokens that are remembered, about, besides the last of each connection. */
  static final long MOST_REMEMBERED = 32 << 20;

  /** Tokens that may be under verification at a time. */
  static final int MOST_ASKED = 1_024;

  private static final Logger LOG = LoggerFactory.getLogger(AccessTokens.class);
  private static final String SCHEME = "bearer ";
  private static final String REVOKED = "revoked: its account has signed out, or was signed out";
  private static final Identification UNAVAILABLE = new Identification.Unavailable();

  private final TokenSettings settings;
  private final AccessTokenRules rules;
  private final SigningKeys keys;
  private final Revocations revocations;
  private final InstantSource clock;
  private final Cache<SecretHash, BearerToken> verified;
  private final ConcurrentMap<SecretHash, CompletableFuture<Identification>> asking =
      new ConcurrentHashMap<>();

  @Inject
  AccessTokens(TokenSettings settings, Revocations revocations) {
    this(
        settings,
        settings.configured()
            ? new PoolKeys(settings.jwksUrl(), new PoolKeysFetcher())
            : id -> Optional.empty(),
        revocations,
        InstantSource.system());
  }

  AccessTokens(
      TokenSettings settings, SigningKeys keys, Revocations revocations, InstantSource clock) {
    this.settings = settings;
    this.rules =
        new AccessTokenRules(
            settings.issuer(), new HashSet<>(settings.clientIds()), settings.clockSkew());
    this.keys = keys;
    this.revocations = revocations;
    this.clock = clock;
    this.verified =
        Caffeine.newBuilder()
            .maximumWeight(MOST_REMEMBERED)
            .weigher((SecretHash hash, BearerToken token) -> 1_500)
            .expireAfter(Expiry.creating((SecretHash hash, BearerToken token) -> left(token)))
            .executor(Runnable::run)
            .build();
  }

  private Duration left(BearerToken token) {
    long millis = token.expiresAtMillis() + settings.clockSkew().toMillis() - clock.millis();
    return Duration.ofMillis(Math.max(0, millis));
  }

  /** Whether there are credentials that are looked at here. */
  public boolean concerns(@Nullable String credentials) {
    return credentials != null
        && settings.configured()
        && credentials.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  /**
   * From memory alone.
   *
   * @param credentials of {@code Authorization}, such as are looked at here
   * @param memory of the connection that they come by: what those that were verified say is kept
   *     there
   * @return null when they are to be verified
   */
  public @Nullable Identification known(String credentials, ConnectionMemory memory) {
    if (memory.of(credentials) instanceof BearerToken last) {
      return judged(last);
    }
    BearerToken token = verified.getIfPresent(SecretHash.of(credentials));
    if (token == null) {
      return null;
    }
    memory.remember(credentials, token);
    return judged(token);
  }

  private Identification judged(BearerToken token) {
    if (clock.millis() >= token.expiresAtMillis() + settings.clockSkew().toMillis()) {
      return new Identification.InvalidToken("expired");
    }
    return token.revoked(revocations) ? new Identification.InvalidToken(REVOKED) : token.who();
  }

  /**
   * Verifies, once for however many ask.
   *
   * @return never completed exceptionally; completed on any thread
   */
  public CompletionStage<Identification> ask(String credentials) {
    SecretHash hash = SecretHash.of(credentials);
    CompletableFuture<Identification> mine = new CompletableFuture<>();
    CompletableFuture<Identification> other = asking.putIfAbsent(hash, mine);
    if (other != null) {
      return other;
    }
    if (asking.size() > MOST_ASKED) {
      asking.remove(hash, mine);
      mine.complete(UNAVAILABLE);
      return mine;
    }
    Thread.ofVirtual()
        .name("token")
        .start(
            () -> {
              Identification answer = UNAVAILABLE;
              try {
                answer = verify(hash, credentials.substring(SCHEME.length()).strip());
              } catch (KeysUnavailableException e) {
                LOG.debug("a token could not be verified", e);
              } catch (RuntimeException e) {
                LOG.error("a token could not be verified", e);
              } finally {
                asking.remove(hash, mine);
                mine.complete(answer);
              }
            });
    return mine;
  }

  private Identification verify(SecretHash hash, String text) {
    BearerToken before = verified.getIfPresent(hash);
    if (before != null) {
      return judged(before);
    }
    return switch (rules.judge(text, keys, clock.instant())) {
      case TokenVerdict.Accepted accepted -> {
        BearerToken token = BearerToken.of(accepted.claims());
        verified.put(hash, token);
        yield judged(token);
      }
      case TokenVerdict.Refused refused -> new Identification.InvalidToken(refused.description());
    };
  }
}
