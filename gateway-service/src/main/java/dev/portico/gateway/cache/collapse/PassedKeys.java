package dev.portico.gateway.cache.collapse;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.portico.gateway.cache.key.CacheKey;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keys whose answers could just now not be kept: requests for them do not wait for one another.
 * What Varnish calls hit-for-miss. Bounded in number and time; forgetting one costs a wait.
 */
final class PassedKeys {
  private static final int MOST = 100_000;
  private static final Duration REMEMBERED = Duration.ofSeconds(10);

  private final Cache<CacheKey, Boolean> keys;

  /**
   * None.
   *
   * @param nanoTime the time in nanoseconds
   */
  PassedKeys(LongSupplier nanoTime) {
    Ticker ticker = nanoTime::getAsLong;
    keys =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(REMEMBERED)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  void remember(CacheKey key) {
    keys.put(key, Boolean.TRUE);
  }

  void forget(CacheKey key) {
    keys.invalidate(key);
  }

  boolean contains(CacheKey key) {
    return keys.getIfPresent(key) != null;
  }
}
