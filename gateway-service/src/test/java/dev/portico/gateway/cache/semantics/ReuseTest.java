package dev.portico.gateway.cache.semantics;

import static dev.portico.gateway.cache.semantics.Answers.HOUR;
import static dev.portico.gateway.cache.semantics.Answers.HOUR_AGO;
import static dev.portico.gateway.cache.semantics.Answers.NOTHING;
import static dev.portico.gateway.cache.semantics.Answers.NOW;
import static dev.portico.gateway.cache.semantics.Answers.SECOND;
import static dev.portico.gateway.cache.semantics.Answers.response;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111, sections 4, 4.2.4, 4.3.1 and 5.2.1; RFC 5861; RFC 8246. */
class ReuseTest {
  private static final String TAG = "\"a\"";
  private static final long LATER = NOW + 61 * SECOND;
  private static final FieldList TAGGED = FieldList.of("If-None-Match", TAG);

  private static Reuse decide(StoredResponse stored, long now) {
    return Reuse.decide(NOTHING, stored, CachingRules.RFC_9111, now, false);
  }

  private static Reuse down(StoredResponse stored, long now) {
    return Reuse.decide(NOTHING, stored, CachingRules.RFC_9111, now, true);
  }

  private static Reuse asked(StoredResponse stored, long now, String cacheControl) {
    return asked(stored, now, cacheControl, false);
  }

  private static Reuse asked(StoredResponse stored, long now, String cacheControl, boolean down) {
    FieldList request = FieldList.of("Cache-Control", cacheControl);
    return Reuse.decide(request, stored, Answers.heeding(), now, down);
  }

  private static StoredResponse tagged(String cacheControl) {
    return response("Cache-Control", cacheControl, "ETag", TAG);
  }

  /** What was not compressed for want of room: nothing of it may be weaker for that. */
  @Nested
  @DisplayName("A form for now")
  class FormForNow {
    private static final long SOON = NOW + StoredResponse.FORM_MILLIS;

    private StoredResponse forNow(String cacheControl) {
      OriginAnswer answer = Answers.ok("Cache-Control", cacheControl, "ETag", TAG);
      return Answers.stored(answer).forNow(NOW).response();
    }

    @Test
    void isAskedForAgainInTheBackgroundWhileItIsFresh() {
      StoredResponse stored = forNow("max-age=60");
      assertThat(decide(stored, SOON - 1)).isSameAs(Reuse.FRESH);
      assertThat(decide(stored, SOON)).isSameAs(Reuse.FRESH_FOR_NOW);
      assertThat(asked(stored, SOON, "max-stale=5")).isSameAs(Reuse.FRESH_FOR_NOW);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "max-age=60",
          "max-age=60, must-revalidate",
          "s-maxage=60",
          "max-age=60, stale-if-error=0",
          "max-age=60, stale-while-revalidate=30",
          "no-cache",
          "max-age=0",
        })
    void isStaleLikeAnother(String cacheControl) {
      StoredResponse other = tagged(cacheControl);
      StoredResponse stored = forNow(cacheControl);
      for (long now : new long[] {NOW, SOON, LATER, LATER + HOUR}) {
        if (!other.isFresh(now)) {
          assertThat(decide(stored, now)).hasSameClassAs(decide(other, now));
          assertThat(asked(stored, now, "max-stale"))
              .hasSameClassAs(asked(other, now, "max-stale"));
        }
        assertThat(down(stored, LATER)).isEqualTo(down(other, LATER));
        assertThat(stored.mayReplaceFailure(now)).isEqualTo(other.mayReplaceFailure(now));
        assertThat(stored.unconfirmed(SOON).mayReplaceFailure(now))
            .isEqualTo(other.unconfirmed(SOON).mayReplaceFailure(now));
      }
    }

    /** It is validated by its tag meanwhile, and not for ever: a 304 brings no better form. */
    @ParameterizedTest
    @ValueSource(strings = {"no-cache", "max-age=0", "max-age=1, stale-while-revalidate=60"})
    void isAskedForWholeWhereItIsValidated(String cacheControl) {
      StoredResponse stored = forNow(cacheControl);
      assertThat(asked(stored, NOW, "no-cache")).isEqualTo(new Reuse.Validate(TAGGED));
      assertThat(asked(stored, SOON, "no-cache")).isEqualTo(new Reuse.Validate(NOTHING));
      assertThat(decide(stored, SOON - 1).toString()).contains("If-None-Match");
      assertThat(decide(stored, SOON).toString()).doesNotContain("If-None-Match");
    }

    @Test
    void staysOneWhenItIsConfirmed() {
      OriginAnswer answer = Answers.ok("Cache-Control", "max-age=60", "ETag", TAG);
      Storing.Store store = Answers.stored(answer).forNow(NOW);
      OriginAnswer same = Answers.answered(304, "Cache-Control", "max-age=60", "ETag", TAG);
      Storing renewed =
          Freshening.byNotModified(store.response(), store.fields(), same, CachingRules.RFC_9111);
      assertThat(renewed).isInstanceOf(Storing.Store.class);
      StoredResponse response = ((Storing.Store) renewed).response();
      assertThat(decide(response, SOON)).isSameAs(Reuse.FRESH_FOR_NOW);
    }
  }

  @Nested
  @DisplayName("MUST")
  class Must {
    @Test
    @DisplayName("4: fresh, allowed to be stale, or validated")
    void freshOrValidated() {
      StoredResponse stored = tagged("max-age=60");
      assertThat(decide(stored, NOW + 59 * SECOND)).isSameAs(Reuse.FRESH);
      assertThat(decide(stored, LATER)).isEqualTo(new Reuse.Validate(TAGGED));
    }

    @Test
    @DisplayName("5.2.2.4: no-cache: never without validation, the origin being down or not")
    void noCache() {
      StoredResponse stored = tagged("no-cache, max-age=60, stale-while-revalidate=60");
      assertThat(decide(stored, NOW)).isEqualTo(new Reuse.Validate(TAGGED));
      assertThat(down(stored, NOW)).isEqualTo(new Reuse.Refused(Reuse.Cause.ORIGIN_DOWN));
      assertThat(stored.mayReplaceFailure(NOW)).isFalse();
      assertThat(asked(stored, NOW, "max-stale")).isEqualTo(new Reuse.Validate(TAGGED));
    }

    @ParameterizedTest
    @DisplayName("4.2.4, 5.2.2.2, 5.2.2.8, 5.2.2.10: nothing stale against the origin's word")
    @ValueSource(
        strings = {
          "must-revalidate, max-age=60, stale-if-error=600, stale-while-revalidate=600",
          "proxy-revalidate, max-age=60, stale-if-error=600, stale-while-revalidate=600",
          "s-maxage=60"
        })
    void nothingStale(String cacheControl) {
      StoredResponse stored = tagged(cacheControl);
      assertThat(decide(stored, LATER)).isEqualTo(new Reuse.Validate(TAGGED));
      assertThat(down(stored, LATER)).isEqualTo(new Reuse.Refused(Reuse.Cause.ORIGIN_DOWN));
      assertThat(stored.mayReplaceFailure(LATER)).isFalse();
      assertThat(down(stored, NOW)).isSameAs(Reuse.FRESH);
    }

    @Test
    @DisplayName("4.3.1: the entity tag is sent when there is one")
    void theEntityTagIsSent() {
      assertThat(decide(response("ETag", "W/\"b\""), LATER))
          .isEqualTo(new Reuse.Validate(FieldList.of("If-None-Match", "W/\"b\"")));
      assertThat(
              Reuse.Validate.of(response("ETag", "b", "Cache-Control", "max-age=1")).conditions())
          .isEqualTo(NOTHING);
    }
  }

  @Nested
  @DisplayName("SHOULD")
  class Should {
    @Test
    @DisplayName("4.3.1: Last-Modified is sent too")
    void lastModifiedIsSent() {
      StoredResponse stored = response("ETag", TAG, "Last-Modified", HOUR_AGO);
      assertThat(decide(stored, NOW + HOUR))
          .isEqualTo(
              new Reuse.Validate(
                  FieldList.of("If-None-Match", TAG, "If-Modified-Since", HOUR_AGO)));
    }

    @Test
    @DisplayName("5.2.2.2: 504 when the origin is down and nothing stored may be used")
    void gatewayTimeout() {
      assertThat(Reuse.withoutStored(NOTHING, CachingRules.RFC_9111, true))
          .isEqualTo(new Reuse.Refused(Reuse.Cause.ORIGIN_DOWN));
      assertThat(Reuse.withoutStored(NOTHING, CachingRules.RFC_9111, false))
          .isEqualTo(new Reuse.Miss());
    }

    @Test
    @DisplayName("RFC 8246, 2: a reload does not validate what is immutable and fresh")
    void immutable() {
      StoredResponse stored = tagged("max-age=60, immutable");
      assertThat(asked(stored, NOW, "max-age=0")).isSameAs(Reuse.FRESH);
      assertThat(asked(stored, LATER, "max-age=0")).isEqualTo(new Reuse.Validate(TAGGED));
      assertThat(asked(stored, NOW, "no-cache")).isEqualTo(new Reuse.Validate(TAGGED));
      assertThat(asked(tagged("max-age=60"), NOW, "max-age=0"))
          .isEqualTo(new Reuse.Validate(TAGGED));
    }
  }

  @Nested
  @DisplayName("MAY")
  class May {
    @Test
    @DisplayName("RFC 5861, 3: stale-while-revalidate serves at once and validates behind")
    void staleWhileRevalidate() {
      StoredResponse stored = tagged("max-age=60, stale-while-revalidate=10");
      assertThat(decide(stored, NOW + 70 * SECOND - 1))
          .isEqualTo(new Reuse.ServeStaleAndRevalidate(TAGGED));
      assertThat(decide(stored, NOW + 70 * SECOND)).isEqualTo(new Reuse.Validate(TAGGED));
      assertThat(down(stored, NOW + 65 * SECOND)).isSameAs(Reuse.ORIGIN_DOWN);
    }

    @Test
    @DisplayName("RFC 5861: the pair beside s-maxage is meant")
    void besideSharedMaxAge() {
      StoredResponse stored = tagged("s-maxage=60, stale-while-revalidate=10, stale-if-error=20");
      assertThat(decide(stored, LATER)).isEqualTo(new Reuse.ServeStaleAndRevalidate(TAGGED));
      assertThat(stored.mayReplaceFailure(NOW + 80 * SECOND - 1)).isTrue();
      assertThat(stored.mayReplaceFailure(NOW + 80 * SECOND)).isFalse();
    }

    @Test
    @DisplayName("RFC 5861, 4: stale-if-error bounds for how long a failure is hidden")
    void staleIfError() {
      StoredResponse stored = tagged("max-age=60, stale-if-error=10");
      assertThat(down(stored, NOW + 70 * SECOND - 1)).isSameAs(Reuse.ORIGIN_DOWN);
      assertThat(down(stored, NOW + 70 * SECOND))
          .isEqualTo(new Reuse.Refused(Reuse.Cause.ORIGIN_DOWN));
      assertThat(tagged("max-age=60, stale-if-error=0").mayReplaceFailure(LATER)).isFalse();
      assertThat(tagged("max-age=60, stale-if-error=x").mayReplaceFailure(LATER)).isFalse();
    }

    @Test
    @DisplayName("4.2.4, 4.3.3: without a word a response stands in for a failing origin")
    void disconnected() {
      StoredResponse stored = tagged("max-age=60");
      assertThat(down(stored, NOW + 1000 * HOUR)).isSameAs(Reuse.ORIGIN_DOWN);
      assertThat(stored.mayReplaceFailure(NOW + 1000 * HOUR)).isTrue();
      StoredResponse failure =
          Answers.stored(Answers.answered(503, "Cache-Control", "max-age=60")).response();
      assertThat(failure.mayReplaceFailure(LATER)).isFalse();
    }

    @Test
    @DisplayName("RFC 5861, 4: 500, 502, 503 and 504 are failures")
    void failures() {
      for (int status = 100; status < 600; status++) {
        boolean failure = status == 500 || status == 502 || status == 503 || status == 504;
        assertThat(StoredResponse.isFailure(status)).as("%d", status).isEqualTo(failure);
      }
    }

    @Test
    @DisplayName("5.2.1: what viewers ask is heeded only where the policy says so")
    void heededOnlyByPolicy() {
      StoredResponse stored = tagged("max-age=60");
      for (String wish : new String[] {"no-cache", "max-age=0", "min-fresh=600"}) {
        FieldList request = FieldList.of("Cache-Control", wish, "Pragma", "no-cache");
        assertThat(Reuse.decide(request, stored, CachingRules.RFC_9111, NOW, false))
            .as(wish)
            .isSameAs(Reuse.FRESH);
        assertThat(Reuse.decide(request, stored, Answers.policy(0, 1, 60), NOW, false))
            .as(wish)
            .isSameAs(Reuse.FRESH);
        assertThat(asked(stored, NOW, wish)).as(wish).isEqualTo(new Reuse.Validate(TAGGED));
      }
    }

    @ParameterizedTest
    @DisplayName("5.2.1.1 to 5.2.1.4: no-cache, max-age, min-fresh, max-stale")
    @CsvSource({
      // seconds from now, request, answer; fresh for 60 s
      "10, max-age=10, fresh",
      "11, max-age=10, validate",
      "10, max-age=x, fresh",
      "10, min-fresh=50, fresh",
      "10, min-fresh=51, validate",
      "70, max-stale, stale",
      "70, max-stale=10, stale",
      "71, max-stale=10, validate",
      "70, max-stale=x, validate",
      "70, 'max-stale, max-age=30', validate",
      "10, no-cache, validate",
      "10, 'no-cache=x', validate",
      "10, 'foo, NO-CACHE', validate",
      "10, only-if-cached, fresh",
      "70, only-if-cached, refused",
      "70, 'only-if-cached, max-stale', stale"
    })
    void viewers(long seconds, String request, String answer) {
      Reuse expected =
          switch (answer) {
            case "fresh" -> Reuse.FRESH;
            case "stale" -> new Reuse.StaleAccepted();
            case "refused" -> new Reuse.Refused(Reuse.Cause.ONLY_IF_CACHED);
            default -> new Reuse.Validate(TAGGED);
          };
      assertThat(asked(tagged("max-age=60"), NOW + seconds * SECOND, request)).isEqualTo(expected);
    }

    @Test
    @DisplayName("5.2.1.2: max-stale does not override must-revalidate")
    void maxStaleAgainstMustRevalidate() {
      assertThat(asked(tagged("max-age=60, must-revalidate"), LATER, "max-stale"))
          .isEqualTo(new Reuse.Validate(TAGGED));
      assertThat(asked(tagged("s-maxage=60"), LATER, "max-stale"))
          .isEqualTo(new Reuse.Validate(TAGGED));
    }

    @Test
    @DisplayName("5.2.1.7: only-if-cached and nothing stored")
    void onlyIfCached() {
      FieldList request = FieldList.of("Cache-Control", "only-if-cached");
      assertThat(Reuse.withoutStored(request, Answers.heeding(), false))
          .isEqualTo(new Reuse.Refused(Reuse.Cause.ONLY_IF_CACHED));
      assertThat(Reuse.withoutStored(request, CachingRules.RFC_9111, false))
          .isEqualTo(new Reuse.Miss());
    }

    @Test
    @DisplayName("5.4: Pragma: no-cache counts only without Cache-Control")
    void pragma() {
      StoredResponse stored = tagged("max-age=60");
      FieldList alone = FieldList.of("Pragma", "foo, No-Cache");
      FieldList beside = FieldList.of("Pragma", "no-cache", "Cache-Control", "max-age=60");
      assertThat(Reuse.decide(alone, stored, Answers.heeding(), NOW, false))
          .isEqualTo(new Reuse.Validate(TAGGED));
      assertThat(Reuse.decide(beside, stored, Answers.heeding(), NOW, false)).isSameAs(Reuse.FRESH);
    }

    @Test
    @DisplayName("4.2.4: while the origin is down a viewer's wish for validation waits for nobody")
    void wishesWhileTheOriginIsDown() {
      assertThat(asked(tagged("max-age=60"), NOW, "no-cache", true)).isSameAs(Reuse.ORIGIN_DOWN);
      assertThat(asked(tagged("max-age=60"), LATER, "max-age=0", true)).isSameAs(Reuse.ORIGIN_DOWN);
    }
  }
}
