package dev.portico.content.change;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a poll brings (deploy/contracts/changes-response.json).
 *
 * @param position the number to ask after next
 * @param mark to be sent with that number, so that a feed that went another way is noticed; null:
 *     nothing to send
 * @param leaseMillis how long after it sent this poll the gateway may count on being waited for, in
 *     milliseconds
 * @param more whether the feed goes on behind these changes
 * @param changes oldest first, without gaps
 */
@Serdeable
record ChangesResponse(
    long position, @Nullable String mark, long leaseMillis, boolean more, List<Change> changes) {
  ChangesResponse {
    changes = List.copyOf(changes);
  }
}
