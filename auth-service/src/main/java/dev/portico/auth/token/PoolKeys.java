package dev.portico.auth.token;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The pool's public keys. Fetched at first use and kept; asked for again when a token names a key
 * that is not known, but not more often than {@link #FETCH_INTERVAL} allows, so that made-up key
 * ids cannot make this service flood the pool. Keys once had outlive an outage of the pool.
 */
@Singleton
final class PoolKeys implements SigningKeys {
  static final Duration KEPT = Duration.ofMinutes(15);
  static final Duration OUTAGE_KEPT = Duration.ofHours(4);
  static final Duration FETCH_INTERVAL = Duration.ofSeconds(5);
  private static final Duration FETCH_WAIT = Duration.ofSeconds(8);

  private final PoolKeysFetcher fetcher;
  private final JWKSource<SecurityContext> source;

  PoolKeys(TokenSettings settings, PoolKeysFetcher fetcher) {
    this.fetcher = fetcher;
    try {
      source =
          JWKSourceBuilder.<SecurityContext>create(settings.keysAt().toURL(), fetcher)
              .cache(KEPT.toMillis(), FETCH_WAIT.toMillis())
              .refreshAheadCache(false)
              .rateLimited(FETCH_INTERVAL.toMillis())
              .outageTolerant(OUTAGE_KEPT.toMillis())
              .build();
    } catch (java.net.MalformedURLException e) {
      throw new IllegalArgumentException("PORTICO_COGNITO_JWKS_URL is not a URL", e);
    }
  }

  @Override
  public Optional<RSAKey> byId(String keyId) {
    return select(new JWKMatcher.Builder().keyType(KeyType.RSA).keyID(keyId).build()).stream()
        .map(JWK::toRSAKey)
        .findFirst();
  }

  /**
   * Fetches the keys unless they are there.
   *
   * @throws KeysUnavailableException if they cannot be had
   */
  void require() {
    select(new JWKMatcher.Builder().keyType(KeyType.RSA).build());
  }

  /** Whether they never were where they are looked for, as somebody there has answered. */
  boolean misplaced() {
    return !fetcher.succeeded() && fetcher.misplaced();
  }

  private List<JWK> select(JWKMatcher matcher) {
    try {
      return source.get(new JWKSelector(matcher), null);
    } catch (RateLimitReachedException e) {
      if (fetcher.succeeded()) {
        return List.of(); // a key that was not there a moment ago
      }
      throw new KeysUnavailableException(e);
    } catch (KeySourceException e) {
      throw new KeysUnavailableException(e);
    }
  }
}
