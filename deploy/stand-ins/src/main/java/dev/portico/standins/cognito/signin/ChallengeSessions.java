package dev.portico.standins.cognito.signin;

import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.store.RandomText;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Sign-ins that wait for the answer to a challenge, by the opaque text that the client sends back.
 * Each can be finished once, within three minutes. Not kept over restarts.
 */
final class ChallengeSessions<T> {
  private static final Duration VALIDITY = Duration.ofMinutes(3);
  private static final Duration REMEMBERED = Duration.ofMinutes(30);

  private final Clock clock;
  private final Map<String, Entry<T>> entries = new HashMap<>();

  private record Entry<T>(T value, long expires, boolean used) {}

  ChallengeSessions(Clock clock) {
    this.clock = clock;
  }

  /** Opens one and returns its text, between 20 and 2,048 characters as Cognito's. */
  String open(T value) {
    long now = clock.millis();
    entries.values().removeIf(entry -> entry.expires() + REMEMBERED.toMillis() < now);
    var id = RandomText.base64(96);
    entries.put(id, new Entry<>(value, now + VALIDITY.toMillis(), false));
    return id;
  }

  /** What was opened under the text, if it can still be finished. */
  T find(String id) {
    var entry = entries.get(id);
    if (entry == null) {
      throw CognitoException.notAuthorized("Invalid session for the user.");
    }
    if (entry.used()) {
      throw CognitoException.notAuthorized(
          "Invalid session for the user, session can only be used once.");
    }
    if (entry.expires() <= clock.millis()) {
      throw CognitoException.notAuthorized("Invalid session for the user, session is expired.");
    }
    return entry.value();
  }

  /** Finishes one. */
  void close(String id) {
    entries.computeIfPresent(id, (key, entry) -> new Entry<>(entry.value(), entry.expires(), true));
  }
}
