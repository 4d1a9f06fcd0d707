package dev.portico.gateway.cache.collapse;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.portico.gateway.cache.key.CacheKey;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keys for which the origin failed when it was last asked while something was stored: that answers
 * at once then, where it may, and the origin is asked again once in a while, however many requests
 * there are. Bounded in number and time; forgetting one costs a wait.
 */
final class FailingKeys {
  /** The least time between two requests for one key to an origin that fails. */
  static final Duration PAUSE = Duration.ofSeconds(1);

  private static final int MOST = 100_000;
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  private final LongSupplier nanoTime;
  private final Cache<CacheKey, Long> lastAsked;

  /**
   * None.
   *
   * @param nanoTime the time in nanoseconds
   */
  FailingKeys(LongSupplier nanoTime) {
    Ticker ticker = nanoTime::getAsLong;
    this.nanoTime = nanoTime;
    lastAsked =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(REMEMBERED)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  void failed(CacheKey key) {
    lastAsked.put(key, nanoTime.getAsLong());
  }

  void answered(CacheKey key) {
    lastAsked.invalidate(key);
  }

  /** Whether the origin failed when it was last asked for a key. */
  boolean has(CacheKey key) {
    return lastAsked.getIfPresent(key) != null;
  }

  /** What to do about a request for a key; whoever is told to ask is the only one. */
  Flights.Failing of(CacheKey key) {
    Long last = lastAsked.getIfPresent(key);
    if (last == null) {
      return Flights.Failing.NO;
    }
    long now = nanoTime.getAsLong();
    boolean due = now - last >= PAUSE.toNanos();
    return due && lastAsked.asMap().replace(key.kept(), last, now)
        ? Flights.Failing.ASK_AGAIN
        : Flights.Failing.LATELY;
  }
}
