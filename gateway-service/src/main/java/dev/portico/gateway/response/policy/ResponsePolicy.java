package dev.portico.gateway.response.policy;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a site does to the header fields of its responses: CloudFront's response headers policy.
 *
 * @param id its name in the site's settings
 * @param headers what is added, security headers first
 * @param cors who else may read; null where that is left to origins
 * @param removed names of fields that are taken away first, kept in lower case
 * @param timing how many responses of a million have Server-Timing unasked; {@link #NO_TIMING}
 *     where none has it even if asked for
 */
public record ResponsePolicy(
    String id, List<HeaderRule> headers, @Nullable Cors cors, Set<String> removed, int timing) {
  /** Server-Timing is off. */
  public static final int NO_TIMING = -1;

  /** So many of a million are all. */
  static final int MILLION = 1_000_000;

  /**
   * Copies the collections.
   *
   * @throws IllegalArgumentException when the share of responses with Server-Timing is none
   */
  public ResponsePolicy {
    headers = List.copyOf(headers);
    removed =
        removed.stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    if (timing < NO_TIMING || timing > MILLION) {
      throw new IllegalArgumentException("Server-Timing in " + timing + " of a million");
    }
  }
}
