package dev.portico.content.deployment;

import dev.portico.content.change.GatewayRegistry.Gateway;
import dev.portico.content.site.GradualRelease;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * What viewers got during a gradual release, and how much of it failed, at all gateways together:
 * those who have a share in it, and those who drew and have none. Gateways count it under names of
 * their own (deploy/contracts/README.md).
 *
 * @param requests of viewers with a share
 * @param errors of those, how many were answered 500 to 599
 * @param liveRequests of the other viewers
 * @param liveErrors of those, how many were answered 500 to 599
 */
@Serdeable
record ReleaseCounts(long requests, long errors, long liveRequests, long liveErrors) {
  private static final String PREFIX = "release/";
  private static final String ERRORS = "/errors";

  /**
   * Adds up what gateways counted.
   *
   * @param counted the name of the release's step
   */
  static ReleaseCounts of(String site, String counted, List<Gateway> gateways) {
    String name = PREFIX + site + '/' + counted;
    return new ReleaseCounts(
        sum(gateways, name + "/requests"),
        sum(gateways, name + ERRORS),
        sum(gateways, name + "/live-requests"),
        sum(gateways, name + "/live-errors"));
  }

  private static long sum(List<Gateway> gateways, String name) {
    ToLongFunction<Gateway> counter =
        gateway -> Math.max(0, gateway.counters().getOrDefault(name, 0L));
    return gateways.stream().mapToLong(counter).sum();
  }

  /** The sites with a release of which a gateway counted errors. */
  static List<String> failing(Map<String, Long> counters) {
    return counters.entrySet().stream()
        .filter(counter -> counter.getValue() > 0)
        .map(Map.Entry::getKey)
        .filter(name -> name.startsWith(PREFIX) && name.endsWith(ERRORS))
        .map(name -> name.substring(PREFIX.length()))
        .map(name -> name.substring(0, name.indexOf('/')))
        .distinct()
        .toList();
  }

  /**
   * What is wrong with the release, for people; empty when nothing is, or too little is known. What
   * fails for everybody is not its fault, nor is what chance may bring about: three times the
   * standard error of the difference of two proportions, which is large where the other viewers
   * made few requests, and nothing where all fails.
   */
  Optional<String> fault(GradualRelease.Bound bound) {
    if (requests < bound.minRequests()) {
      return Optional.empty();
    }
    double rate = 100.0 * errors / requests;
    double liveRate = liveRequests == 0 ? 0 : 100.0 * liveErrors / liveRequests;
    if (rate - liveRate <= bound.maxErrorRate() + chance()) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%.2f %% of its viewers' requests failed (%d of %d), and %.2f %% of the others' (%d of"
                + " %d): that is more than %s %% above.",
            rate,
            errors,
            requests,
            liveRate,
            liveErrors,
            liveRequests,
            bound.maxErrorRate()));
  }

  /** What two equally good deployments may differ by, in percentage points. */
  private double chance() {
    double others = Math.max(1, liveRequests);
    double failing = (errors + liveErrors) / (requests + others);
    double spread = Math.min(1, failing) * Math.max(0, 1 - failing);
    return 300 * Math.sqrt(spread * (1.0 / requests + 1 / others));
  }
}
