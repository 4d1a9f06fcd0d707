package dev.portico.gateway.access.password;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks passwords that viewers enter, away from event loops: each takes 19 MiB and tens of
 * milliseconds, so that few are checked at a time, few wait, and few are tried from one address.
 */
@Singleton
public final class PasswordChecks {
  /** Tries that may be wrong from an address (of IPv6: its /64) within {@link #WITHIN}. */
  static final int MOST_TRIES = 10;

  /** How long wrong tries count. */
  static final Duration WITHIN = Duration.ofMinutes(5);

  private static final int MOST_ADDRESSES = 100_000;
  private static final int MOST_WAITING = 64;
  private static final int VERSION_6_BYTES = 8;

  private static final Logger LOG = LoggerFactory.getLogger(PasswordChecks.class);

  private final Cache<String, AtomicInteger> tries;
  private final ThreadPoolExecutor executor;

  /** With so many threads as may compute at a time. */
  @Inject
  public PasswordChecks() {
    this.tries = Caffeine.newBuilder().maximumSize(MOST_ADDRESSES).expireAfterWrite(WITHIN).build();
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);
    this.executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("password-", 0).factory());
    executor.allowCoreThreadTimeOut(true);
  }

  /** What came of a try. */
  public enum Outcome {
    /** It is the password. */
    RIGHT,
    /** It is not. */
    WRONG,
    /** Too many were wrong from that address; it was not looked at. */
    TOO_MANY,
    /** Too many are being checked. */
    BUSY
  }

  /**
   * Checks what a viewer entered.
   *
   * @param hash as the site's settings have it
   * @return never completed exceptionally; completed on any thread
   */
  public CompletionStage<Outcome> check(String hash, String entered, InetAddress address) {
    AtomicInteger count = tries.get(place(address), key -> new AtomicInteger());
    // Counted before it is known: many at once must not all slip through.
    if (count.incrementAndGet() > MOST_TRIES) {
      return CompletableFuture.completedFuture(Outcome.TOO_MANY);
    }
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    try {
      executor.execute(() -> outcome.complete(tried(hash, entered, count)));
    } catch (RejectedExecutionException e) {
      count.decrementAndGet();
      outcome.complete(Outcome.BUSY);
    }
    return outcome;
  }

  /** Whatever happens, who waits is told. */
  private static Outcome tried(String hash, String entered, AtomicInteger count) {
    try {
      return check(hash, entered, count);
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.error("a password could not be checked", e);
      return Outcome.BUSY;
    }
  }

  private static Outcome check(String hash, String entered, AtomicInteger count) {
    PasswordHash known = PasswordHash.parse(hash);
    if (known == null || !known.matches(entered)) {
      return Outcome.WRONG;
    }
    count.decrementAndGet();
    return Outcome.RIGHT;
  }

  /** Whoever has one address of a /64 has them all. */
  private static String place(InetAddress address) {
    byte[] bytes = address.getAddress();
    return HexFormat.of()
        .formatHex(address instanceof Inet6Address ? Arrays.copyOf(bytes, VERSION_6_BYTES) : bytes);
  }

  @PreDestroy
  void stop() {
    executor.shutdown();
  }
}
