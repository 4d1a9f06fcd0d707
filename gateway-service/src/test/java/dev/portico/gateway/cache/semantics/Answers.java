package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Origins' answers, policies and stored responses for tests; all happens at {@link #NOW}. */
final class Answers {
  static final long NOW = Instant.parse("2026-11-23T12:00:00Z").toEpochMilli();
  static final String DATE = "Mon, 23 Nov 2026 12:00:00 GMT";
  static final String HOUR_AGO = "Mon, 23 Nov 2026 11:00:00 GMT";
  static final String HOUR_AHEAD = "Mon, 23 Nov 2026 13:00:00 GMT";
  static final long SECOND = 1000;
  static final long HOUR = 3600 * SECOND;
  static final FieldList NOTHING = FieldList.EMPTY;

  private Answers() {}

  /** A 200 to a GET. */
  static OriginAnswer ok(String... fields) {
    return answered(200, fields);
  }

  static OriginAnswer answered(int status, String... fields) {
    return to("GET", NOTHING, status, fields);
  }

  static OriginAnswer to(String method, HeaderFields request, int status, String... fields) {
    return new OriginAnswer(method, request, status, FieldList.of(fields), NOW, NOW);
  }

  /** As stored without a policy. */
  static Storing.Store stored(OriginAnswer answer) {
    return stored(answer, CachingRules.RFC_9111);
  }

  static Storing.Store stored(OriginAnswer answer, CachingRules rules) {
    Storing storing = Storing.decide(answer, rules);
    if (storing instanceof Storing.Store store) {
      return store;
    }
    throw new AssertionError("not stored: " + storing);
  }

  /** A 200 with these fields, as stored. */
  static StoredResponse response(String... fields) {
    return stored(ok(fields)).response();
  }

  /** Why it is not stored; null when it is. */
  static Storing.@Nullable Reason refusal(OriginAnswer answer, CachingRules rules) {
    return Storing.decide(answer, rules) instanceof Storing.Pass pass ? pass.reason() : null;
  }

  static Storing.@Nullable Reason refusal(OriginAnswer answer) {
    return refusal(answer, CachingRules.RFC_9111);
  }

  /** Rules with these times in seconds. */
  static CachingRules policy(long min, long standard, long max) {
    return CachingRules.of(policy(min, standard, max, false, Map.of(), false));
  }

  static CachingRules unsafe(long min, Map<Integer, Duration> errors) {
    return CachingRules.of(policy(min, 86_400, 31_536_000, true, errors, false));
  }

  static CachingRules errors(Map<Integer, Duration> errors) {
    return CachingRules.of(policy(0, 86_400, 31_536_000, false, errors, false));
  }

  /** Rules that heed what viewers ask of the cache. */
  static CachingRules heeding() {
    return CachingRules.of(policy(0, 86_400, 31_536_000, false, Map.of(), true));
  }

  static CachePolicy policy(
      long min,
      long standard,
      long max,
      boolean unsafe,
      Map<Integer, Duration> errors,
      boolean heeding) {
    return new CachePolicy(
        "test",
        Duration.ofSeconds(min),
        Duration.ofSeconds(standard),
        Duration.ofSeconds(max),
        unsafe,
        KeySelection.NONE,
        KeySelection.NONE,
        KeySelection.NONE,
        false,
        false,
        false,
        errors,
        heeding);
  }
}
