package dev.portico.auth.identity;

import com.nimbusds.jose.jwk.ECKey;
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
  /** Whether it can sign now. */
  boolean signs(Instant now) {
    return signing.isPresent() && !now.isBefore(from) && now.isBefore(until);
  }
}
