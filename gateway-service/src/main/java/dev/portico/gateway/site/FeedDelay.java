package dev.portico.gateway.site;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.distribution.TimeWindowMax;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * How long after its commit a change of a site holds here. Two clocks are compared,
 * content-service's and this one: by how much they differ the delay is wrong, and one below nought
 * counts as nought.
 */
@Singleton
final class FeedDelay {
  /** A delay is shown for one to two minutes, so that whoever looks once a minute misses none. */
  private static final Duration PART = Duration.ofSeconds(40);

  private static final int PARTS = 3;

  private final InstantSource clock;
  private final TimeWindowMax longest;
  // By site the oldest commit that nobody has begun to look at, and that somebody has.
  private final Map<String, Instant> told = new ConcurrentHashMap<>();
  private final Map<String, Instant> begun = new ConcurrentHashMap<>();

  @Inject
  FeedDelay(MeterRegistry registry) {
    this(registry, Clock.systemUTC());
  }

  FeedDelay(MeterRegistry registry, InstantSource clock) {
    this.clock = clock;
    this.longest = new TimeWindowMax(registry.config().clock(), PART.toMillis(), PARTS);
    Gauge.builder("portico.feed.delay", this, FeedDelay::seconds)
        .description("Longest time from a site's change to its use, of the last minute or two")
        .baseUnit("seconds")
        .register(registry);
  }

  /** A site has changed, at that time. */
  void told(String site, Instant committed) {
    told.merge(site, committed, FeedDelay::earlier);
  }

  /** What was told of the site so far will hold once it is {@link #applied}. */
  void begun(String site) {
    Instant oldest = told.remove(site);
    if (oldest != null) {
      begun.merge(site, oldest, FeedDelay::earlier);
    }
  }

  /** The site is as it was when its reading was last begun, or later. */
  void applied(String site) {
    Instant oldest = begun.remove(site);
    if (oldest != null) {
      longest.record(secondsSince(oldest));
    }
  }

  /** The longest delay of late, in seconds, of changes that do not hold yet among them. */
  double seconds() {
    return Stream.of(told, begun)
        .map(Map::values)
        .flatMap(Collection::stream)
        .mapToDouble(this::secondsSince)
        .reduce(longest.poll(), Math::max);
  }

  private double secondsSince(Instant time) {
    return Math.max(0, Duration.between(time, clock.instant()).toMillis() / 1e3);
  }

  static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
