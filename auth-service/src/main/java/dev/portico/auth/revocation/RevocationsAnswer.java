package dev.portico.auth.revocation;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a poll brings (deploy/contracts/auth-revocations.json).
 *
 * @param position the number to ask after next
 * @param mark to be sent with that number; absent before the first entry
 * @param more whether the feed goes on behind these
 * @param revocations oldest first, without gaps
 */
@Serdeable
record RevocationsAnswer(
    long position, @Nullable String mark, boolean more, List<Revocation> revocations) {
  RevocationsAnswer {
    revocations = List.copyOf(revocations);
  }
}
