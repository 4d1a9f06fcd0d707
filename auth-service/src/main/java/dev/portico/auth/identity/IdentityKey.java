package dev.portico.auth.identity;

import com.nimbusds.jose.jwk.ECKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A key by which identity tokens are signed.
 *
 * @param number counts keys from 1
 * @param published its public part
 * @param signing all of it; empty if it cannot be opened by the sealing keys that there are
 * @param from when it begins to sign; published before
 * @param until when it ends to sign; published until nothing that it signed is valid
 */
record IdentityKey(
    long number, ECKey published, Optional<ECKey> signing, Instant from, Instant until) {
  /** How long a key is published after it has signed for the last time. */
  static final Duration PUBLISHED_AFTER = Duration.ofHours(1);

  /** Whether something that it signed may be valid, or it is to sign. */
  boolean isPublished(Instant now) {
    return now.isBefore(until.plus(PUBLISHED_AFTER));
  }

  /** Whether its turn is yet to come. */
  boolean isToSign(Instant now) {
    return signing.isPresent() && now.isBefore(from);
  }

  /** Whether it can sign now. */
  boolean signs(Instant now) {
    return signing.isPresent() && !now.isBefore(from) && now.isBefore(until);
  }
}
