package dev.portico.gateway.site;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Failures of the threads that keep sites current which are no failed I/O: bugs, and errors of the
 * JVM. The threads go on after them, since without them a site would stay as it is; so somebody
 * must be able to see that they happen.
 */
@Singleton
final class UnexpectedFailures {
  /** What failed. */
  enum Work {
    /** Following the change feed. */
    CHANGE_FEED,
    /** Bringing one site up to date. */
    SITE_UPDATE,
    /** Fetching a manifest, or checking one. */
    MANIFEST,
    /** Handing over what browsers reported. */
    CSP_REPORTS,
    /** Fetching, or telling, what is hot. */
    WARM_UP,
    /** Reading what admins have switched on. */
    CONTROLS;

    /** Its name as metrics have it. */
    String tag() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Map<Work, Counter> counters = new EnumMap<>(Work.class);

  UnexpectedFailures(MeterRegistry registry) {
    for (Work work : Work.values()) {
      counters.put(
          work,
          Counter.builder("portico.unexpected.failures")
              .description("Failures of background work that are no failed I/O")
              .tag("work", work.tag())
              .register(registry));
    }
  }

  /**
   * Counts a failure that the caller goes on after.
   *
   * @throws OutOfMemoryError the failure itself if it is one: what else it has hit nobody knows,
   *     and the JVM is told to exit (docs/operations.md); going on would only pretend
   */
  void count(Work work, Throwable failure) {
    Counter counter = counters.get(work);
    if (counter != null) {
      counter.increment();
    }
    if (failure instanceof OutOfMemoryError fatal) {
      throw fatal;
    }
  }
}
