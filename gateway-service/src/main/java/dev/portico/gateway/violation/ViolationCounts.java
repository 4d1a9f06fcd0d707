package dev.portico.gateway.violation;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What has been reported since it was last handed over. Bounded by {@link #MOST} and {@link
 * #MOST_OF_A_SITE}: reports of further violations are counted as others. Thread-safe; nothing is
 * done under its lock but to count.
 */
@Singleton
public final class ViolationCounts {
  /** Violations that are kept apart, of all sites together. */
  static final int MOST = 1_000;

  /** Violations that are kept apart of one site, so that it leaves room for others. */
  static final int MOST_OF_A_SITE = 200;

  /** Requests of one site that are read in one second. */
  static final int REQUESTS_A_SECOND = 50;

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final ReportFates fates;
  private final LongSupplier nanos;
  private final Map<String, SiteCounts> sites = new HashMap<>();
  private int kept;

  @Inject
  ViolationCounts(ReportFates fates) {
    this(fates, System::nanoTime);
  }

  ViolationCounts(ReportFates fates, LongSupplier nanos) {
    this.fates = fates;
    this.nanos = nanos;
  }

  /** Of one site, since the last time. */
  private static final class SiteCounts {
    private final Map<Violation, Long> violations = new LinkedHashMap<>();
    private long others;
    private long second;
    private int requests;

    SiteCounts(long now) {
      this.second = now;
    }

    boolean admits(long now) {
      if (now - second >= SECOND) {
        second = now;
        requests = 0;
      }
      if (requests == REQUESTS_A_SECOND) {
        return false;
      }
      requests++;
      return true;
    }

    void moveTo(List<ViolationCount> taken, String site) {
      violations.forEach((what, count) -> taken.add(new ViolationCount(site, what, count)));
      violations.clear();
      if (others > 0) {
        taken.add(new ViolationCount(site, null, others));
        others = 0;
      }
    }
  }

  /**
   * Whether a request that reports something of a site may be read now. Otherwise it has been
   * counted as one other report.
   *
   * @param site one that is known: how many there are bounds what is held
   */
  public boolean admits(String site) {
    synchronized (this) {
      SiteCounts counts = of(site);
      if (counts.admits(nanos.getAsLong())) {
        return true;
      }
      counts.others++;
    }
    fates.count(ReportFate.LIMITED, 1);
    return false;
  }

  /** Counts what a request reports of a site. */
  public void add(String site, ViolationReports reports) {
    long others = reports.beyond();
    synchronized (this) {
      SiteCounts counts = of(site);
      for (Violation violation : reports.violations()) {
        if (counts.violations.containsKey(violation)) {
          counts.violations.merge(violation, 1L, Long::sum);
        } else if (kept < MOST && counts.violations.size() < MOST_OF_A_SITE) {
          kept++;
          counts.violations.put(violation, 1L);
        } else {
          others++;
        }
      }
      counts.others += others;
    }
    fates.count(ReportFate.OTHER, others);
    fates.count(ReportFate.COUNTED, reports.violations().size() + (long) reports.beyond() - others);
    fates.count(ReportFate.IGNORED, reports.ignored());
  }

  /** Takes all that has been counted; empty when there is nothing. */
  public synchronized List<ViolationCount> take() {
    List<ViolationCount> taken = new ArrayList<>();
    sites.forEach((site, counts) -> counts.moveTo(taken, site));
    // Who has just reported is not admitted anew.
    long now = nanos.getAsLong();
    sites.values().removeIf(counts -> now - counts.second >= SECOND);
    kept = 0;
    return taken;
  }

  private SiteCounts of(String site) {
    return sites.computeIfAbsent(site, name -> new SiteCounts(nanos.getAsLong()));
  }
}
