package dev.portico.gateway.site;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A question for changes: deploy/contracts/changes-request.json.
 *
 * @param gateway this gateway's id
 * @param version of this release; null when it is not known
 * @param after the position behind which changes are asked for; confirms everything before it
 * @param mark what came with that position, null when nothing did
 * @param longest how long the answer may wait for a change
 * @param counters what this gateway counted, by name, in this order; at most 1,000
 */
record ChangesQuestion(
    String gateway,
    @Nullable String version,
    long after,
    @Nullable String mark,
    Duration longest,
    Map<String, Long> counters) {
  /** Keeps an unmodifiable copy. */
  ChangesQuestion {
    counters = Collections.unmodifiableMap(new LinkedHashMap<>(counters));
  }
}
