package dev.portico.gateway.access.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers: may auth-service be asked about a session that is not known here? Whoever makes sessions
 * up makes each a question, so an address has a bound on those that prove to be none, and on those
 * that are being asked.
 */
final class Strangers {
  /** Sessions from one address that proved to be none, within {@link #WITHIN}. */
  static final int MOST_WRONG = 1_200;

  /** The time in which they are counted. */
  static final Duration WITHIN = Duration.ofMinutes(1);

  /** Sessions that are not known and are being asked for, of one address. */
  static final int MOST_ASKED = 32;

  private static final int MOST_ADDRESSES = 100_000;

  private final Cache<String, AtomicInteger> wrong =
      Caffeine.newBuilder()
          .maximumSize(MOST_ADDRESSES)
          .expireAfterWrite(WITHIN)
          .executor(Runnable::run)
          .build();
  private final ConcurrentMap<String, Integer> asked = new ConcurrentHashMap<>();

  /** Whether one more may be asked for; then {@link #left} must be told when that is over. */
  boolean enter(String address) {
    String client = client(address);
    AtomicInteger count = wrong.getIfPresent(client);
    if (count != null && count.get() >= MOST_WRONG) {
      return false;
    }
    if (asked.merge(client, 1, Integer::sum) > MOST_ASKED) {
      left(address);
      return false;
    }
    return true;
  }

  /** One that was asked for has its answer, or none. */
  void left(String address) {
    asked.computeIfPresent(client(address), (client, count) -> count == 1 ? null : count - 1);
  }

  /** A session proved to be none. */
  void wrong(String address) {
    wrong.get(client(address), client -> new AtomicInteger()).incrementAndGet();
  }

  /** Whoever has one address of an IPv6 network of 64 bits has them all (RFC 6177). */
  private static String client(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    int end = -1;
    for (int groups = 0; groups < 4; groups++) {
      int colon = address.indexOf(':', end + 1);
      if (colon < 0 || colon == end + 1) {
        return address.substring(0, Math.max(end, 0));
      }
      end = colon;
    }
    return address.substring(0, end);
  }
}
