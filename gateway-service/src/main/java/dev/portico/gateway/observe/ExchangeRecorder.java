package dev.portico.gateway.observe;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.ShareCount;
import dev.portico.gateway.exchange.Timeline;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.trace.Traces;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the timeline of an exchange that is over into its log line, metrics and trace. */
@Singleton
public final class ExchangeRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(ExchangeRecorder.class);
  private static final int STATUS_CLASSES = 6;

  private final AccessLog accessLog;
  private final Traces traces;
  // By outcome and first digit of the status; looked up once, not per request.
  private final Map<Outcome, Timer[]> timers = new EnumMap<>(Outcome.class);
  // By category of errors.
  private final Map<String, Counter> failures = new HashMap<>();
  private final Counter sent;
  private final Counter received;
  private final Counter incomplete;
  private final Counter untold;

  ExchangeRecorder(AccessLog accessLog, Traces traces, MeterRegistry registry) {
    this.accessLog = accessLog;
    this.traces = traces;
    for (Outcome outcome : Outcome.values()) {
      Timer[] byStatus = new Timer[STATUS_CLASSES];
      for (int statusClass = 0; statusClass < STATUS_CLASSES; statusClass++) {
        byStatus[statusClass] = timer(registry, outcome, statusClass);
      }
      timers.put(outcome, byStatus);
    }
    for (EdgeError error : EdgeError.values()) {
      if (error.own()) {
        failures.put(error.category(), failures(registry, error));
      }
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
    untold =
        Counter.builder("portico.traces.failures")
            .description("Requests whose trace could not be made, because of a bug")
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

  private static Counter failures(MeterRegistry registry, EdgeError error) {
    return Counter.builder("portico.gateway.failures")
        .description("Requests that failed at the gateway itself, not at what is behind it")
        .tag("cause", error.category())
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
    Counter failed = timeline.error() == null ? null : failures.get(timeline.error());
    if (failed != null) {
      failed.increment();
    }
    ShareCount share = timeline.share();
    if (share != null) {
      share.add(timeline.ownStatus());
    }
    boolean traced = timeline.asked() && traced(exchange);
    accessLog.log(AccessEntry.of(exchange.request(), timeline, traced));
  }

  /** A bug in it must cost neither the log line nor whoever else is on the connection. */
  private boolean traced(ViewerExchange exchange) {
    try {
      return traces.finished(exchange.request(), exchange.timeline());
    } catch (RuntimeException e) {
      untold.increment();
      LOG.error("The trace of request {} could not be made", exchange.request().requestId(), e);
      return false;
    }
  }
}
