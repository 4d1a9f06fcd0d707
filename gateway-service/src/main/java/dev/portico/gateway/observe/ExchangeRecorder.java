package dev.portico.gateway.observe;

import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.ShareCount;
import dev.portico.gateway.exchange.Timeline;
import dev.portico.gateway.exchange.ViewerExchange;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Turns the timeline of an exchange that is over into its log line and its metrics. */
@Singleton
public final class ExchangeRecorder {
  private static final int STATUS_CLASSES = 6;

  private final AccessLog accessLog;
  // By outcome and first digit of the status; looked up once, not per request.
  private final Map<Outcome, Timer[]> timers = new EnumMap<>(Outcome.class);
  private final Counter sent;
  private final Counter received;
  private final Counter incomplete;

  ExchangeRecorder(AccessLog accessLog, MeterRegistry registry) {
    this.accessLog = accessLog;
    for (Outcome outcome : Outcome.values()) {
      Timer[] byStatus = new Timer[STATUS_CLASSES];
      for (int statusClass = 0; statusClass < STATUS_CLASSES; statusClass++) {
        byStatus[statusClass] = timer(registry, outcome, statusClass);
      }
      timers.put(outcome, byStatus);
    }
    sent =
        Counter.builder("portico.response.bytes")
            .description("Bytes of response bodies handed to viewers' connections")
            .baseUnit("bytes")
            .register(registry);
    received =
        Counter.builder("portico.request.bytes")
            .description("Bytes of request bodies received from viewers")
            .baseUnit("bytes")
            .register(registry);
    incomplete =
        Counter.builder("portico.requests.incomplete")
            .description("Responses that were cut, by the viewer or because of a failure")
            .register(registry);
    FunctionCounter.builder("portico.access.log.lost", accessLog, AccessLog::lost)
        .description("Access log lines dropped because they could not be written fast enough")
        .register(registry);
  }

  private static Timer timer(MeterRegistry registry, Outcome outcome, int statusClass) {
    return Timer.builder("portico.requests")
        .description("Requests, from their head to the end of their response")
        .tag("outcome", outcome.label())
        .tag("status", statusClass == 0 ? "none" : statusClass + "xx")
        .serviceLevelObjectives(
            Duration.ofMillis(1),
            Duration.ofMillis(5),
            Duration.ofMillis(25),
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10))
        .register(registry);
  }

  /** Records an exchange; called once, on its event loop. */
  public void record(ViewerExchange exchange) {
    Timeline timeline = exchange.timeline();
    int statusClass = Math.min(timeline.status() / 100, STATUS_CLASSES - 1);
    Timer[] byStatus = timers.get(timeline.outcome());
    if (byStatus != null) {
      byStatus[statusClass].record(timeline.totalNanos(), TimeUnit.NANOSECONDS);
    }
    if (timeline.bytesSent() > 0) {
      sent.increment((double) timeline.bytesSent());
    }
    if (timeline.bytesReceived() > 0) {
      received.increment((double) timeline.bytesReceived());
    }
    if (!timeline.completed()) {
      incomplete.increment();
    }
    ShareCount share = timeline.share();
    if (share != null) {
      share.add(timeline.ownStatus());
    }
    accessLog.log(AccessEntry.of(exchange.request(), timeline));
  }
}
