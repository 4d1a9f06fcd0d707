package dev.portico.gateway.site;

import dev.portico.gateway.service.Lifetime;
import dev.portico.gateway.site.UnexpectedFailures.Work;
import dev.portico.gateway.violation.ReportFate;
import dev.portico.gateway.violation.ReportFates;
import dev.portico.gateway.violation.ViolationCount;
import dev.portico.gateway.violation.ViolationCounts;
import dev.portico.gateway.violation.ViolationSettings;
import io.micronaut.context.annotation.Context;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands over to content-service what browsers have reported, from time to time. A batch keeps its
 * number until content-service has answered, so that one whose answer was lost counts once; newer
 * ones wait for it. What is not handed over when the gateway ends is lost.
 */
@Context
final class ViolationDelivery {
  /** Counts in one batch; content-service makes one transaction of it. */
  static final int BATCH = 49;

  private static final Logger LOG = LoggerFactory.getLogger(ViolationDelivery.class);

  private final ContentInternal content;
  private final ChangeFeedFollower follower;
  private final ViolationCounts counts;
  private final ReportFates fates;
  private final ViolationSettings settings;
  private final UnexpectedFailures unexpected;
  private final Lifetime lifetime = new Lifetime();
  // Only the thread knows these.
  private final Deque<List<ViolationCount>> waiting = new ArrayDeque<>();
  private long number = 1;
  private boolean reported;

  ViolationDelivery(
      ContentInternal content,
      ChangeFeedFollower follower,
      ViolationCounts counts,
      ReportFates fates,
      ViolationSettings settings,
      UnexpectedFailures unexpected) {
    this.content = content;
    this.follower = follower;
    this.counts = counts;
    this.fates = fates;
    this.settings = settings;
    this.unexpected = unexpected;
  }

  @PostConstruct
  void start() {
    lifetime.start("csp-reports", this::run);
  }

  @PreDestroy
  void stop() {
    lifetime.end();
  }

  private void run() {
    while (lifetime.pauseAbout(settings.interval())) {
      try {
        deliver();
        reported = false;
      } catch (IOException e) {
        failed(e);
      } catch (RuntimeException | Error e) { // without this thread nothing would be handed over
        LOG.error("cannot hand over reports of violations", e);
        unexpected.count(Work.CSP_REPORTS, e);
      }
    }
  }

  private void failed(IOException failure) {
    // Only the first failure of a row is worth a line.
    if (!reported && !lifetime.over()) {
      LOG.warn("reports of violations wait for content-service: {}", failure.toString());
    }
    reported = true;
  }

  /** Sends what waits; nothing is taken from the counts before all that was has been sent. */
  private void deliver() throws IOException {
    if (waiting.isEmpty()) {
      List<ViolationCount> taken = counts.take();
      for (int from = 0; from < taken.size(); from += BATCH) {
        waiting.add(taken.subList(from, Math.min(taken.size(), from + BATCH)));
      }
    }
    for (List<ViolationCount> batch; (batch = waiting.peek()) != null; ) {
      if (!content.violations(ViolationsJson.batch(follower.gateway(), number, batch))) {
        LOG.warn("content-service refuses a batch of reports of violations, which are lost");
        fates.count(ReportFate.LOST, batch.stream().mapToLong(ViolationCount::count).sum());
      }
      waiting.remove();
      number++;
    }
  }
}
