package dev.portico.gateway.cache.semantics;

import static dev.portico.gateway.cache.semantics.Answers.HOUR;
import static dev.portico.gateway.cache.semantics.Answers.HOUR_AGO;
import static dev.portico.gateway.cache.semantics.Answers.HOUR_AHEAD;
import static dev.portico.gateway.cache.semantics.Answers.NOTHING;
import static dev.portico.gateway.cache.semantics.Answers.NOW;
import static dev.portico.gateway.cache.semantics.Answers.SECOND;
import static dev.portico.gateway.cache.semantics.Answers.ok;
import static dev.portico.gateway.cache.semantics.Answers.response;
import static dev.portico.gateway.cache.semantics.Answers.stored;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** RFC 9111, sections 3.2, 3.4, 4.3.4 and 4.3.5. */
class FresheningTest {
  private static final long LATER = NOW + HOUR;
  private static final Storing.Store STORED =
      stored(
          ok(
              "ETag",
              "\"a\"",
              "Last-Modified",
              HOUR_AGO,
              "Cache-Control",
              "max-age=60",
              "Content-Length",
              "100",
              "Content-Encoding",
              "br",
              "X-Old",
              "1",
              "X-Both",
              "old",
              "Date",
              Answers.DATE));

  private static OriginAnswer later(int status, String... fields) {
    return new OriginAnswer("GET", NOTHING, status, FieldList.of(fields), LATER - SECOND, LATER);
  }

  private static Storing.Store notModified(String... fields) {
    Storing storing =
        Freshening.byNotModified(
            STORED.response(), STORED.fields(), later(304, fields), CachingRules.RFC_9111);
    assertThat(storing).isInstanceOf(Storing.Store.class);
    return (Storing.Store) storing;
  }

  private static List<StoredResponse> selected(List<StoredResponse> of, String... fields) {
    return Freshening.selected(of, FieldList.of(fields), LATER);
  }

  private static StoredResponse tagged(String etag, String date) {
    return response("ETag", etag, "Date", date, "Last-Modified", date);
  }

  @Nested
  @DisplayName("MUST")
  class Must {
    @Test
    @DisplayName("3.2: every field of the new response replaces the stored ones of its name")
    void everyFieldReplaces() {
      Storing.Store updated =
          notModified(
              "ETag",
              "\"a\"",
              "x-both",
              "new",
              "X-Both",
              "newer",
              "X-New",
              "2",
              "Date",
              HOUR_AHEAD,
              "Cache-Control",
              "max-age=600");
      assertThat(updated.fields())
          .isEqualTo(
              FieldList.of(
                  "Last-Modified",
                  HOUR_AGO,
                  "Content-Length",
                  "100",
                  "Content-Encoding",
                  "br",
                  "X-Old",
                  "1",
                  "ETag",
                  "\"a\"",
                  "x-both",
                  "new",
                  "X-Both",
                  "newer",
                  "X-New",
                  "2",
                  "Date",
                  HOUR_AHEAD,
                  "Cache-Control",
                  "max-age=600"));
    }

    @Test
    @DisplayName("3.2: but not what may not be stored, nor what the stored bytes depend on")
    void exceptions() {
      Storing.Store updated =
          notModified(
              "Connection",
              "X-Both",
              "X-Both",
              "hop",
              "Content-Length",
              "0",
              "Content-Encoding",
              "gzip",
              "Content-Range",
              "bytes 0-1/2",
              "Keep-Alive",
              "5",
              "Transfer-Encoding",
              "chunked",
              "Date",
              HOUR_AHEAD);
      assertThat(updated.fields())
          .isEqualTo(
              FieldList.of(
                  "ETag",
                  "\"a\"",
                  "Last-Modified",
                  HOUR_AGO,
                  "Cache-Control",
                  "max-age=60",
                  "Content-Length",
                  "100",
                  "Content-Encoding",
                  "br",
                  "X-Old",
                  "1",
                  "X-Both",
                  "old",
                  "Date",
                  HOUR_AHEAD));
      assertThat(updated.response().size()).isEqualTo(100);
    }

    @Test
    @DisplayName("4.3.4: the times count from the 304")
    void timesCountFromThe304() {
      StoredResponse updated = notModified("Cache-Control", "max-age=60", "Age", "9").response();
      assertThat(updated.freshUntil()).isEqualTo(LATER + 50 * SECOND);
      assertThat(updated.age(LATER)).isEqualTo(10);
      assertThat(updated.date()).isEqualTo(LATER);
      assertThat(notModified("Expires", HOUR_AGO).response().freshUntil())
          .isEqualTo(LATER + 59 * SECOND);
    }

    @Test
    @DisplayName("4.3.4: a strong validator that nothing stored has updates nothing")
    void anotherStrongValidator() {
      List<StoredResponse> candidates =
          List.of(tagged("\"a\"", HOUR_AGO), tagged("W/\"b\"", Answers.DATE));
      assertThat(selected(candidates, "ETag", "\"c\"", "Last-Modified", HOUR_AGO)).isEmpty();
      assertThat(selected(candidates, "ETag", "\"b\"")).isEmpty();
    }

    @Test
    @DisplayName("4.3.4: a strong validator selects all that have it")
    void aStrongValidatorSelectsAll() {
      StoredResponse one = tagged("\"a\"", HOUR_AGO);
      StoredResponse two = tagged("\"a\"", Answers.DATE);
      StoredResponse other = tagged("\"b\"", Answers.DATE);
      assertThat(selected(List.of(one, other, two), "ETag", "\"a\"")).containsExactly(one, two);
    }

    @Test
    @DisplayName("4.3.4: a weak validator selects the most recent that has it")
    void aWeakValidatorSelectsTheMostRecent() {
      StoredResponse old = tagged("W/\"a\"", HOUR_AGO);
      StoredResponse recent = tagged("\"a\"", Answers.DATE);
      StoredResponse other = tagged("W/\"b\"", Answers.DATE);
      List<StoredResponse> candidates = List.of(recent, old, other);
      assertThat(selected(candidates, "ETag", "W/\"a\"")).containsExactly(recent);
      assertThat(selected(candidates, "ETag", "W/\"c\"")).isEmpty();
      assertThat(selected(candidates, "Last-Modified", HOUR_AGO)).containsExactly(old);
      assertThat(selected(candidates, "Last-Modified", HOUR_AHEAD)).isEmpty();
    }

    @Test
    @DisplayName("4.3.4: no validator selects a single response and none of several")
    void noValidator() {
      StoredResponse bare = response("Cache-Control", "max-age=1");
      assertThat(selected(List.of(bare))).containsExactly(bare);
      assertThat(selected(List.of(STORED.response()))).containsExactly(STORED.response());
      assertThat(selected(List.of(bare, STORED.response()))).isEmpty();
      assertThat(selected(List.of())).isEmpty();
    }
  }

  @Test
  void a304ThatForbidsToStoreIsObeyed() {
    assertThat(
            Freshening.byNotModified(
                STORED.response(),
                STORED.fields(),
                later(304, "Cache-Control", "no-store"),
                CachingRules.RFC_9111))
        .isEqualTo(new Storing.Pass(Storing.Reason.NO_STORE));
  }

  @Test
  void theVariantIsOfTheRequestThatValidated() {
    OriginAnswer answer =
        new OriginAnswer(
            "GET", FieldList.of("A", "1"), 304, FieldList.of("Vary", "A"), LATER, LATER);
    Storing storing =
        Freshening.byNotModified(STORED.response(), STORED.fields(), answer, CachingRules.RFC_9111);
    assertThat(((Storing.Store) storing).response().matches(FieldList.of("A", "1"))).isTrue();
    assertThat(((Storing.Store) storing).response().matches(NOTHING)).isFalse();
  }
}
