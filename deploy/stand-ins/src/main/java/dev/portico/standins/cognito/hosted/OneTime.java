package dev.portico.standins.cognito.hosted;

import dev.portico.standins.cognito.store.RandomText;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * What unguessable texts stand for that are good once, within five minutes. Not kept over restarts.
 */
final class OneTime<T> {
  private static final Duration VALIDITY = Duration.ofMinutes(5);

  private final Clock clock;
  private final ConcurrentMap<String, Entry<T>> entries = new ConcurrentHashMap<>();

  private record Entry<T>(T value, long expires) {}

  OneTime(Clock clock) {
    this.clock = clock;
  }

  /** A text that stands for the value. */
  String issue(T value) {
    long now = clock.millis();
    entries.values().removeIf(entry -> entry.expires() <= now);
    var text = RandomText.base64(32);
    entries.put(text, new Entry<>(value, now + VALIDITY.toMillis()));
    return text;
  }

  /** What the text stands for; null if that is nothing, or it was brought before, or too late. */
  @Nullable T take(String text) {
    var entry = entries.remove(text);
    return entry == null || entry.expires() <= clock.millis() ? null : entry.value();
  }
}
