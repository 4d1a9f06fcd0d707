package dev.portico.aws.observe;

import dev.portico.aws.observe.Pager.Patience;
import java.util.List;

/** What goes wrong behind the gateways, and what will. */
public final class ServiceAlarms {
  private static final double BUSY_PERCENT = 90;
  private static final double FULL_PERCENT = 90;
  private static final int FAILURES = 5;
  private static final int LINES = 10;
  private static final Patience SOON = new Patience(3, 5);
  private static final Patience LATER = new Patience(15, 15);

  private ServiceAlarms() {}

  /** Makes them for each service. */
  public static void add(Pager pager, LogMetrics metrics, List<Running> services) {
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
}
