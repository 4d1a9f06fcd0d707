package dev.portico.aws.observe;

import dev.portico.aws.observe.Pager.Patience;
import java.util.List;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;

/** What goes wrong behind the gateways, and what will. */
public final class ServiceAlarms {
  private static final double BUSY_PERCENT = 90;
  private static final double FULL_PERCENT = 90;
  private static final int FAILURES = 5;
  private static final int LINES = 10;

  /** Seconds. A gateway reads the controls once a minute. */
  private static final int STALE = 180;

  /** Seconds. A change holds within one or two; a site of very many files takes some more. */
  private static final int LATE = 60;

  private static final Patience SOON = new Patience(3, 5);

  /** A gateway tells it once a minute, which may be twice in one and not in the next. */
  private static final Patience TWICE = new Patience(2, 3);

  /** A gateway shows a delay for up to two minutes, also when it is over. */
  private static final Patience STUCK = new Patience(5, 5);

  private static final Patience LATER = new Patience(15, 15);

  private ServiceAlarms() {}

  /** Makes them: what gateways have not heard, and how each service fares. */
  public static void add(Pager pager, LogMetrics metrics, List<Running> services) {
    pager.above("controls-stale", "", metrics.controlsAge(), STALE, TWICE);
    lost(pager, "feed-lost", metrics.feedLease());
    lost(pager, "revocations-lost", metrics.revocations());
    pager.above("feed-late", "", metrics.feedDelay(), LATE, STUCK);
    for (Running service : services) {
      pager.below("service-missing", service.name(), service.tasks(), service.size().min(), SOON);
      pager.above("service-busy", service.name(), service.cpu(), BUSY_PERCENT, LATER);
      pager.above("service-memory", service.name(), service.memory(), FULL_PERCENT, LATER);
      pager.above("log-errors", service.name(), metrics.errors("Sum", service), LINES, SOON);
      if (!service.name().equals("gateway")) {
        pager.above(
            "service-errors", service.name(), metrics.failures("Sum", service), FAILURES, SOON);
      }
    }
  }

  /** Of what is 1 while a gateway follows. That no gateway runs is told by another alarm. */
  private static void lost(Pager pager, String page, Metric follows) {
    pager.alarm(
        page,
        "",
        follows,
        ComparisonOperator.LESS_THAN_THRESHOLD,
        1,
        SOON,
        TreatMissingData.NOT_BREACHING);
  }
}
