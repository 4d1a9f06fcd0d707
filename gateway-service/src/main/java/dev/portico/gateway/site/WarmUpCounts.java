package dev.portico.gateway.site;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;

/** What came of the warm-up, of which there is one in a gateway's life. */
@Singleton
final class WarmUpCounts {
  private final Counter fetched;
  private final Counter failed;
  private final Counter passedOver;
  private final Counter bytes;
  private volatile Duration took = Duration.ZERO;

  WarmUpCounts(MeterRegistry registry) {
    this.fetched = blobs(registry, "fetched");
    this.failed = blobs(registry, "failed");
    this.passedOver = blobs(registry, "passed-over");
    this.bytes =
        Counter.builder("portico.warm.up.bytes")
            .description("Bytes of hot blobs that were fetched before the gateway was ready")
            .baseUnit("bytes")
            .register(registry);
    Gauge.builder("portico.warm.up.duration", this, counts -> counts.took.toMillis() / 1e3)
        .description("How long the warm-up took; 0 before its end")
        .baseUnit("seconds")
        .register(registry);
  }

  private static Counter blobs(MeterRegistry registry, String outcome) {
    return Counter.builder("portico.warm.up.blobs")
        .description("Hot blobs, by what came of them when the gateway started")
        .tag("outcome", outcome)
        .register(registry);
  }

  /** One has come. */
  void fetched(int size) {
    bytes.increment(size);
    fetched.increment();
  }

  /** One will not come. */
  void failed() {
    failed.increment();
  }

  /** Nobody waits for more; so many were not even asked for. */
  void over(int notAskedFor, Duration after) {
    passedOver.increment(notAskedFor);
    took = after;
  }

  @Override
  public String toString() {
    return "%.0f fetched, %.0f bytes, %.0f failed, %.0f passed over, in %d ms"
        .formatted(
            fetched.count(), bytes.count(), failed.count(), passedOver.count(), took.toMillis());
  }
}
