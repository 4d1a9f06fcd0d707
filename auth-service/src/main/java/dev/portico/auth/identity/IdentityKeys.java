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
      keys = keys(now, Duration.ZERO); // another copy may have made one
      found = signing(keys, now);
    }
    if (found.isEmpty()) {
      records.create(last(keys) + 1, now, now.plus(TURN));
      keys = keys(now, Duration.ZERO);
      found = signing(keys, now);
    }
    IdentityKey key =
        found.orElseThrow(
            () -> new IllegalStateException("no copy can read the identity keys of another"));
    if (!now.isBefore(key.until().minus(ANNOUNCED)) && last(keys) == key.number()) {
      records.create(key.number() + 1, key.until(), key.until().plus(TURN));
      keys(now, Duration.ZERO);
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
    if (!read.at().plus(atMostOld).isAfter(now)) {
      read = new Read(records.all(), now);
      last = read;
    }
    return read.keys();
  }

  private static Optional<IdentityKey> signing(List<IdentityKey> keys, Instant now) {
    return keys.stream()
        .filter(key -> key.signs(now))
        .max(Comparator.comparingLong(IdentityKey::number));
  }

  private static long last(List<IdentityKey> keys) {
    return keys.isEmpty() ? 0 : keys.getLast().number();
  }
}
