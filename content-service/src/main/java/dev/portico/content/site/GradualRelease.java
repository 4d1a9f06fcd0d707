package dev.portico.content.site;

import dev.portico.content.change.Snapshot;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Write;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A release that a share of the viewers gets before all do, kept at the site's item: gateways learn
 * of it with everything else of the site, and an activation ends it in its own transaction.
 */
public final class GradualRelease {
  private static final String DEPLOYMENT = "releaseDeployment";
  private static final String PERCENT = "releasePercent";
  private static final String AT = "releaseAt";
  private static final String BY = "releaseBy";
  private static final String BOUND = "releaseBound";

  /** In the bound: of which step of a release it is, by the time when the share was set. */
  private static final String STEP = "step";

  private static final String MAX_ERROR_RATE = "maxErrorRate";
  private static final String MIN_REQUESTS = "minRequests";
  private static final String ROLLED_BACK = "releaseRolledBack";

  private GradualRelease() {}

  /**
   * When a release is rolled back by itself.
   *
   * @param maxErrorRate how many percent more of its viewers' requests may fail than of others', 0
   *     to 99
   * @param minRequests how many requests of its viewers it takes to judge it, at least 1
   */
  public record Bound(double maxErrorRate, int minRequests) {}

  /** Lets a share of the viewers have this deployment, for as long as a bound allows. */
  public static Write.Update begun(
      Write.Update change,
      String deployment,
      int percent,
      @Nullable Bound bound,
      String by,
      Instant now) {
    Write.Update begun =
        change
            .set(DEPLOYMENT, deployment)
            .set(PERCENT, percent)
            .set(AT, now)
            .set(BY, by)
            .remove(ROLLED_BACK);
    return bound == null
        ? begun.remove(BOUND)
        : begun.setMap(
            BOUND,
            Map.of(
                STEP, Long.toString(now.toEpochMilli()),
                MAX_ERROR_RATE, Double.toString(bound.maxErrorRate()),
                MIN_REQUESTS, Integer.toString(bound.minRequests())));
  }

  /** Ends it, whatever all viewers get from then on. */
  public static Write.Update ended(Write.Update change) {
    return over(change).remove(ROLLED_BACK);
  }

  /** Ends it because of its errors, and notes why until the next release or activation. */
  public static Write.Update rolledBack(
      Write.Update change,
      String deployment,
      Instant now,
      String reason,
      long requests,
      long errors) {
    return over(change)
        .setMap(
            ROLLED_BACK,
            Map.of(
                "deployment", deployment,
                "at", Long.toString(now.toEpochMilli()),
                "reason", reason,
                "requests", Long.toString(requests),
                "errors", Long.toString(errors)));
  }

  private static Write.Update over(Write.Update change) {
    return change.remove(DEPLOYMENT).remove(PERCENT).remove(AT).remove(BY).remove(BOUND);
  }

  /** The deployment that a share of the viewers gets. */
  public static Optional<String> deployment(Item site) {
    return site.optionalString(DEPLOYMENT);
  }

  /** What ends it by itself, if anything does. */
  public static Optional<Bound> bound(Item site) {
    return counted(site)
        .map(step -> site.map(BOUND))
        .map(
            bound ->
                new Bound(
                    Double.parseDouble(bound.getOrDefault(MAX_ERROR_RATE, "0")),
                    Integer.parseInt(bound.getOrDefault(MIN_REQUESTS, "1"))));
  }

  /**
   * The name under which gateways count what its viewers get, if it has a bound: each step of a
   * release is judged by itself.
   */
  public static Optional<String> counted(Item site) {
    String step = site.map(BOUND).getOrDefault(STEP, "");
    // A copy of a release without bounds sets and ends releases and leaves this alone.
    boolean holds =
        deployment(site).isPresent() && step.equals(Long.toString(site.instant(AT).toEpochMilli()));
    return holds ? Optional.of(step) : Optional.empty();
  }

  /** Of a site's item, as the API shows it; null: none is under way. */
  static Site.@Nullable Release of(Item site) {
    @Nullable Bound bound = bound(site).orElse(null);
    return deployment(site)
        .map(
            id ->
                new Site.Release(
                    id,
                    (int) site.number(PERCENT),
                    bound == null ? null : bound.maxErrorRate(),
                    bound == null ? null : bound.minRequests(),
                    site.instant(AT),
                    site.string(BY)))
        .orElse(null);
  }

  /** Of a site's item: which release was rolled back by itself, and why; null: none. */
  static Site.@Nullable RolledBack rolledBack(Item site) {
    Map<String, String> found = site.map(ROLLED_BACK);
    // A copy of a release without bounds begins releases and leaves this alone.
    if (found.isEmpty() || deployment(site).isPresent()) {
      return null;
    }
    return new Site.RolledBack(
        found.getOrDefault("deployment", ""),
        Instant.ofEpochMilli(Long.parseLong(found.getOrDefault("at", "0"))),
        found.getOrDefault("reason", ""),
        Long.parseLong(found.getOrDefault("requests", "0")),
        Long.parseLong(found.getOrDefault("errors", "0")));
  }

  /** Of a site's item, as gateways read it; null: none is under way. */
  static Snapshot.@Nullable Release forGateways(Item site) {
    return deployment(site)
        .map(id -> new Snapshot.Release(id, (int) site.number(PERCENT), counted(site).orElse(null)))
        .orElse(null);
  }
}
