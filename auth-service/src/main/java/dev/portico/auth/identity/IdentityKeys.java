package dev.portico.auth.identity;

import com.nimbusds.jose.jwk.JWKSet;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The keys, made when they are needed: the first at first use, the next ones a day before they
 * begin to sign, so that whoever keeps the published ones for a day at most has them in time.
 */
@Singleton
final class IdentityKeys {
  /** How long a key signs. */
  static final Duration TURN = Duration.ofDays(30);

  /** How long it is published before. */
  static final Duration ANNOUNCED = Duration.ofDays(1);

  private static final Duration KEPT = Duration.ofMinutes(1);
  private static final Duration KEPT_FOR_OTHERS = Duration.ofSeconds(1);

  private record Read(List<IdentityKey> keys, Instant at) {}

  private final IdentityKeyRecords records;
  private final Clock clock;
  private volatile Read last = new Read(List.of(), Instant.EPOCH);

  IdentityKeys(IdentityKeyRecords records, Clock clock) {
    this.records = records;
    this.clock = clock;
  }

  /** The key that signs now. */
  IdentityKey current() {
    Instant now = clock.instant();
    List<IdentityKey> keys = keys(now, KEPT);
    Optional<IdentityKey> found = signing(keys, now);
    if (found.isEmpty()) {
      keys = read(now); // another copy may have made one
      found = signing(keys, now);
    }
    if (found.isEmpty()) {
      records.create(last(keys) + 1, now, now.plus(TURN));
      keys = read(now);
      found = signing(keys, now);
    }
    IdentityKey key =
        found.orElseThrow(
            () -> new IllegalStateException("no copy can read the identity keys of another"));
    if (!now.isBefore(key.until().minus(ANNOUNCED)) && last(keys) == key.number()) {
      records.create(key.number() + 1, key.until(), key.until().plus(TURN));
      read(now);
    }
    return key;
  }

  /** All that are published, private parts left out. */
  JWKSet published() {
    current();
    Instant now = clock.instant();
    return new JWKSet(
        keys(now, KEPT_FOR_OTHERS).stream()
            .filter(key -> key.isPublished(now))
            .map(key -> (com.nimbusds.jose.jwk.JWK) key.published())
            .toList());
  }

  private List<IdentityKey> keys(Instant now, Duration atMostOld) {
    Read read = last;
    return read.at().plus(atMostOld).isAfter(now) ? read.keys() : read(now);
  }

  /** Reads them anew, whatever another thread has read since {@code now}. */
  private List<IdentityKey> read(Instant now) {
    Read read = new Read(records.all(), now);
    last = read;
    return read.keys();
  }

  /**
   * The last one whose turn it is. Where that is none's, the next one's is: a copy whose clock is
   * ahead has just made it.
   */
  private static Optional<IdentityKey> signing(List<IdentityKey> keys, Instant now) {
    var number = Comparator.comparingLong(IdentityKey::number);
    return keys.stream()
        .filter(key -> key.signs(now))
        .max(number)
        .or(() -> keys.stream().filter(key -> key.isToSign(now)).min(number));
  }

  private static long last(List<IdentityKey> keys) {
    return keys.isEmpty() ? 0 : keys.getLast().number();
  }
}
