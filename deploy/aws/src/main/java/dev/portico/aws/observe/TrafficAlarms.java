package dev.portico.aws.observe;

import dev.portico.aws.observe.Pager.Patience;
import dev.portico.aws.settings.Settings;
import java.util.List;
import software.amazon.awscdk.services.cloudwatch.Alarm;

/** What viewers would notice; the same alarms take a release back. */
public final class TrafficAlarms {
  private static final double FAILED_PERCENT = 2;
  private static final int BALANCER_FAILURES = 10;
  private static final Patience SOON = new Patience(3, 5);

  private final List<Alarm> ofReleases;

  /** Makes them. */
  public TrafficAlarms(Pager pager, Traffic traffic, Settings settings) {
    Alarm failed = pager.above("gateway-errors", "", traffic.failedPercent(), FAILED_PERCENT, SOON);
    Alarm slow =
        pager.above("gateway-slow", "", traffic.slowest(), settings.alarms().slowMillis(), SOON);
    Alarm few =
        pager.below(
            "gateway-missing",
            "",
            traffic.healthy(),
            settings.gateway().size().min(),
            new Patience(5, 5));
    // Not for releases: new gateways are unhealthy until they have read all sites.
    pager.above("gateway-unhealthy", "", traffic.unhealthy(), 0, new Patience(10, 10));
    pager.above("balancer-errors", "", traffic.balancerFailures(), BALANCER_FAILURES, SOON);
    ofReleases = List.of(failed, slow);
  }

  /** Names of those at which ECS puts the old release back. */
  public List<String> ofReleases() {
    return ofReleases.stream().map(Alarm::getAlarmName).toList();
  }
}
