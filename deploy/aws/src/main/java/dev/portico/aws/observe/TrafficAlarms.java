package dev.portico.aws.observe;

import dev.portico.aws.observe.Pager.Patience;
import dev.portico.aws.settings.Settings;
import java.util.List;
import software.amazon.awscdk.services.cloudwatch.Alarm;

/**
 * What viewers would notice. Those that no origin of a site has a part in take a release back: one
 * site's dead server must not decide over all gateways.
 */
public final class TrafficAlarms {
  private static final double FAILED_PERCENT = 2;
  private static final int BALANCER_FAILURES = 10;

  /**
   * In microseconds. A hit is answered from memory, or from a file; it takes a thousandth of it.
   */
  private static final double SLOW_HIT = 500_000;

  private static final Patience SOON = new Patience(3, 5);

  /**
   * A gateway that starts is not ready for a minute or two. One that never gets ready is ended and
   * started again, and is counted for some minutes of each quarter of an hour.
   */
  private static final Patience STARTS_IN_VAIN = new Patience(5, 15);

  private final List<Alarm> ofReleases;

  /** Makes them. */
  public TrafficAlarms(Pager pager, Traffic traffic, LogMetrics logs, Settings settings) {
    pager.above("gateway-errors", "", traffic.failedPercent(), FAILED_PERCENT, SOON);
    pager.above("gateway-slow", "", traffic.slowest(), settings.alarms().slowMillis(), SOON);
    pager.below(
        "gateway-missing",
        "",
        traffic.healthy(),
        settings.gateway().size().min(),
        new Patience(5, 5));
    pager.above("balancer-errors", "", traffic.balancerFailures(), BALANCER_FAILURES, SOON);
    ofReleases =
        List.of(
            pager.above(
                "gateway-own-errors", "", traffic.ownFailedPercent(logs), FAILED_PERCENT, SOON),
            pager.above("gateway-slow-hits", "", logs.slowestHits(), SLOW_HIT, SOON),
            pager.above("gateway-unhealthy", "", traffic.unhealthy(), 0, STARTS_IN_VAIN));
  }

  /** Names of those at which ECS puts the old release back. */
  public List<String> ofReleases() {
    return ofReleases.stream().map(Alarm::getAlarmName).toList();
  }
}
