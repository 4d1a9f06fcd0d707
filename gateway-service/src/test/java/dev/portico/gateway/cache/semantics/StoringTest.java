package dev.portico.gateway.cache.semantics;

import static dev.portico.gateway.cache.semantics.Answers.NOTHING;
import static dev.portico.gateway.cache.semantics.Answers.NOW;
import static dev.portico.gateway.cache.semantics.Answers.answered;
import static dev.portico.gateway.cache.semantics.Answers.ok;
import static dev.portico.gateway.cache.semantics.Answers.policy;
import static dev.portico.gateway.cache.semantics.Answers.refusal;
import static dev.portico.gateway.cache.semantics.Answers.stored;
import static dev.portico.gateway.cache.semantics.Answers.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.cache.semantics.Storing.Reason;
import dev.portico.gateway.exchange.HeaderFields;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111, section 3. */
class StoringTest {
  private static final String FRESH = "max-age=60";
  private static final FieldList LOGGED_IN = FieldList.of("Authorization", "Basic YTpi");

  /** Fields of somebody whom the gateway names to origins. */
  private record Named(FieldList fields, Set<String> identity) implements HeaderFields {
    @Override
    public @Nullable String first(String name) {
      return fields.first(name);
    }

    @Override
    public List<String> all(String name) {
      return fields.all(name);
    }

    @Override
    public void forEach(BiConsumer<String, String> action) {
      fields.forEach(action);
    }
  }

  @Nested
  @DisplayName("MUST NOT store")
  class MustNot {
    @ParameterizedTest
    @DisplayName("3: the answer to a method that is not understood")
    @ValueSource(
        strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "get", "FOO"})
    void otherMethods(String method) {
      assertThat(refusal(to(method, NOTHING, 200, "Cache-Control", FRESH)))
          .isEqualTo(Reason.METHOD);
    }

    @ParameterizedTest
    @DisplayName("3: a status that is not final")
    @ValueSource(ints = {100, 101, 102, 103, 199})
    void notFinal(int status) {
      assertThat(refusal(answered(status, "Cache-Control", FRESH))).isEqualTo(Reason.STATUS);
    }

    @ParameterizedTest
    @DisplayName("3: a status about this one request, 304 among them")
    @ValueSource(ints = {304, 401, 407, 412, 416, 425, 429, 600, 999})
    void aboutOneRequest(int status) {
      assertThat(refusal(answered(status, "Cache-Control", "public, " + FRESH)))
          .isEqualTo(Reason.STATUS);
    }

    @Test
    @DisplayName("3: with must-understand, a status that is not understood")
    void mustUnderstand() {
      assertThat(refusal(answered(218, "Cache-Control", "must-understand, " + FRESH)))
          .isEqualTo(Reason.STATUS);
      assertThat(refusal(answered(218, "Cache-Control", FRESH))).isNull();
    }

    @Test
    @DisplayName("3, 5.2.2.5: no-store")
    void noStore() {
      assertThat(refusal(ok("Cache-Control", "no-store, public, " + FRESH)))
          .isEqualTo(Reason.NO_STORE);
    }

    @Test
    @DisplayName("3, 5.2.2.7: private without field names")
    void isPrivate() {
      assertThat(refusal(ok("Cache-Control", "private, s-maxage=60, public")))
          .isEqualTo(Reason.PRIVATE);
    }

    @Test
    @DisplayName("5.2.2.7: the fields that private names")
    void privateFields() {
      FieldList kept =
          stored(
                  ok(
                      "Cache-Control",
                      "private=\"X-Name, set-cookie\", " + FRESH,
                      "x-name",
                      "Ada",
                      "X-Other",
                      "1",
                      "Set-Cookie",
                      "a=b"))
              .fields();
      assertThat(kept.contains("X-Name")).isFalse();
      assertThat(kept.contains("Set-Cookie")).isFalse();
      assertThat(kept.first("X-Other")).isEqualTo("1");
    }

    @ParameterizedTest
    @DisplayName("3, 3.5: the answer to a request with Authorization that nothing allows to share")
    @CsvSource({
      "max-age=60, AUTHORIZATION",
      "'max-age=60, proxy-revalidate', AUTHORIZATION",
      "'s-maxage=x, max-age=60', AUTHORIZATION",
      "'public=1, max-age=60', AUTHORIZATION",
      "'public, max-age=60',",
      "'must-revalidate, max-age=60',",
      "s-maxage=60,"
    })
    void authorization(String cacheControl, @Nullable Reason reason) {
      assertThat(refusal(to("GET", LOGGED_IN, 200, "Cache-Control", cacheControl)))
          .isEqualTo(reason);
    }

    /** Stricter than section 3.5: must-revalidate does not say that others may have it. */
    @ParameterizedTest
    @DisplayName("3.5: the answer to a request that the gateway says is somebody's")
    @CsvSource({
      "max-age=60, AUTHORIZATION",
      "'must-revalidate, max-age=60', AUTHORIZATION",
      "'proxy-revalidate, s-maxage=x, max-age=60', AUTHORIZATION",
      "'public, max-age=60',",
      "'s-maxage=60, must-revalidate',"
    })
    void identity(String cacheControl, @Nullable Reason reason) {
      HeaderFields named = new Named(LOGGED_IN, Set.of("x-user"));
      assertThat(refusal(to("GET", named, 200, "Cache-Control", cacheControl))).isEqualTo(reason);
      HeaderFields unsaid = new Named(FieldList.of(), Set.of("x-user"));
      assertThat(refusal(to("GET", unsaid, 200, "Cache-Control", cacheControl))).isEqualTo(reason);
    }

    @Test
    @DisplayName("3: what has neither freshness nor a status that is cacheable by itself")
    void nothingAllowsIt() {
      assertThat(refusal(answered(302, "ETag", "\"a\""))).isEqualTo(Reason.STATUS);
      assertThat(refusal(answered(500, "ETag", "\"a\""))).isEqualTo(Reason.STATUS);
      assertThat(refusal(answered(302, "ETag", "\"a\"", "Cache-Control", "public"))).isNull();
      assertThat(refusal(answered(302, "Expires", Answers.HOUR_AHEAD))).isNull();
      assertThat(refusal(answered(500, "Cache-Control", "s-maxage=1"))).isNull();
    }

    @Test
    @DisplayName("3.1: Connection, what it lists, and what is for one hop or proxy")
    void hopByHop() {
      FieldList kept =
          stored(
                  ok(
                      "Cache-Control",
                      FRESH,
                      "Connection",
                      "close, X-Hop",
                      "connection",
                      "x-two",
                      "X-Hop",
                      "1",
                      "X-Two",
                      "2",
                      "Keep-Alive",
                      "5",
                      "Transfer-Encoding",
                      "chunked",
                      "Upgrade",
                      "h2c",
                      "TE",
                      "x",
                      "Trailer",
                      "X",
                      "Proxy-Authenticate",
                      "Basic",
                      "Proxy-Authentication-Info",
                      "x",
                      "Proxy-Authorization",
                      "x",
                      "Proxy-Connection",
                      "close",
                      "X-Kept",
                      "3",
                      "Date",
                      Answers.DATE))
              .fields();
      assertThat(kept)
          .isEqualTo(FieldList.of("Cache-Control", FRESH, "X-Kept", "3", "Date", Answers.DATE));
    }

    @Test
    @DisplayName("3.3: a part that was not asked for as one")
    void parts() {
      assertThat(
              refusal(
                  answered(
                      206,
                      "Content-Range",
                      "bytes 0-9/100",
                      "ETag",
                      "\"a\"",
                      "Cache-Control",
                      FRESH)))
          .isEqualTo(Reason.PART);
    }
  }

  @Nested
  @DisplayName("MUST store")
  class Must {
    @Test
    @DisplayName("3.1: all other fields, unknown ones too, in order")
    void allOtherFields() {
      String[] fields = {
        "cache-control",
        FRESH,
        "X-Unknown",
        "a",
        "Content-Type",
        "text/html",
        "X-Unknown",
        "b",
        "Surrogate-Key",
        "k",
        "Date",
        Answers.DATE
      };
      assertThat(stored(ok(fields)).fields()).isEqualTo(FieldList.of(fields));
    }

    @Test
    @DisplayName("RFC 9110, 6.6.1: a Date where there is none")
    void date() {
      assertThat(stored(ok("Cache-Control", FRESH)).fields().first("Date")).isEqualTo(Answers.DATE);
    }

    @Test
    @DisplayName("4.3.4: Age only as the time it tells")
    void age() {
      Storing.Store store = stored(ok("Cache-Control", FRESH, "Age", "20"));
      assertThat(store.fields().contains("Age")).isFalse();
      assertThat(store.response().age(NOW)).isEqualTo(20);
    }
  }

  @Nested
  @DisplayName("SHOULD")
  class Should {
    @Test
    @DisplayName("5.2.2.3: no-store does not count beside must-understand and a known status")
    void mustUnderstandOverridesNoStore() {
      StoredResponse response =
          stored(ok("Cache-Control", "must-understand, no-store, max-age=60")).response();
      assertThat(response.isFresh(NOW + 59_000)).isTrue();
      assertThat(response.mustRevalidate()).isFalse();
      assertThat(refusal(answered(218, "Cache-Control", "must-understand, no-store, max-age=60")))
          .isEqualTo(Reason.NO_STORE);
    }
  }

  @Nested
  @DisplayName("MAY")
  class May {
    @Test
    @DisplayName("5.2.2.4: with the fields that no-cache names left out, the rest is reused")
    void noCacheFields() {
      Storing.Store store =
          stored(ok("Cache-Control", "no-cache=\"Set-Cookie\", max-age=60", "Set-Cookie", "a=b"));
      assertThat(store.fields().contains("Set-Cookie")).isFalse();
      assertThat(store.response().isFresh(NOW)).isTrue();
    }

    @Test
    @DisplayName("4: one answer serves those who wait for it when it is fresh as it begins")
    void collapsing() {
      assertThat(stored(ok("Cache-Control", FRESH)).shareable()).isTrue();
      assertThat(stored(ok("Cache-Control", "no-cache", "ETag", "\"a\"")).shareable()).isFalse();
      assertThat(stored(ok("Cache-Control", "max-age=0", "ETag", "\"a\"")).shareable()).isFalse();
      assertThat(stored(ok("Cache-Control", FRESH, "Age", "60", "ETag", "\"a\"")).shareable())
          .isFalse();
    }

    @Test
    @DisplayName("3: what is stale at once and has no validator is not stored")
    void useless() {
      assertThat(refusal(ok("Cache-Control", "max-age=0"))).isEqualTo(Reason.USELESS);
      assertThat(refusal(ok())).isEqualTo(Reason.USELESS);
      assertThat(refusal(ok("Cache-Control", "no-cache"))).isEqualTo(Reason.USELESS);
      assertThat(refusal(ok("Cache-Control", "max-age=0, stale-while-revalidate=9"))).isNull();
      assertThat(refusal(ok("Cache-Control", "max-age=0", "Last-Modified", Answers.HOUR_AGO)))
          .isNull();
    }

    @Test
    @DisplayName("7.3: an answer that sets a cookie is not stored")
    void setCookie() {
      assertThat(refusal(ok("Cache-Control", "public, " + FRESH, "Set-Cookie", "a=b")))
          .isEqualTo(Reason.SET_COOKIE);
      assertThat(refusal(ok("Set-Cookie", "a=b"), policy(60, 60, 60))).isEqualTo(Reason.SET_COOKIE);
    }

    @Test
    @DisplayName("4.1: what depends on everything is not stored")
    void varyAnything() {
      assertThat(refusal(ok("Cache-Control", FRESH, "Vary", "Accept, *"))).isEqualTo(Reason.VARY);
    }

    @Test
    @DisplayName("5.2.1.5: no-store of a viewer counts only where the policy says so")
    void noStoreOfAViewer() {
      OriginAnswer answer =
          to("GET", FieldList.of("Cache-Control", "no-store"), 200, "Cache-Control", FRESH);
      assertThat(refusal(answer)).isNull();
      assertThat(refusal(answer, Answers.heeding())).isEqualTo(Reason.NO_STORE);
    }
  }

  @Nested
  @DisplayName("Policy")
  class Policy {
    @Test
    void withoutTimeNothingIsStored() {
      CachingRules disabled = policy(0, 0, 0);
      assertThat(refusal(ok("Cache-Control", FRESH, "ETag", "\"a\""), disabled))
          .isEqualTo(Reason.DISABLED);
      assertThat(disabled.disabled()).isTrue();
      assertThat(CachingRules.RFC_9111.disabled()).isFalse();
    }

    @Test
    void aLeastTimeDoesNotOverrideTheOriginByItself() {
      for (String directive : new String[] {"private", "no-store", "no-cache"}) {
        assertThat(refusal(ok("Cache-Control", directive), policy(60, 60, 60)))
            .as(directive)
            .isNotNull();
      }
    }

    @Test
    void anUnsafeLeastTimeOverridesTheOriginForThatTimeOnly() {
      CachingRules unsafe = Answers.unsafe(60, Map.of());
      for (String directive : new String[] {"private", "no-store", "no-cache"}) {
        StoredResponse response =
            stored(ok("Cache-Control", directive + ", max-age=3600"), unsafe).response();
        assertThat(response.freshUntil()).as(directive).isEqualTo(NOW + 60_000);
        assertThat(response.staleIfErrorUntil()).as(directive).isEqualTo(NOW + 60_000);
        assertThat(response.mustRevalidate()).as(directive).isTrue();
      }
    }

    @Test
    void anUnsafePolicyWithoutALeastTimeOverridesNothing() {
      CachingRules unsafe = Answers.unsafe(0, Map.of());
      assertThat(refusal(ok("Cache-Control", "private, max-age=60"), unsafe))
          .isEqualTo(Reason.PRIVATE);
      assertThat(refusal(ok("Cache-Control", "no-store, max-age=60"), unsafe))
          .isEqualTo(Reason.NO_STORE);
    }

    @Test
    void authorizationInTheKeySharesWithItselfOnly() {
      CachePolicy base = Answers.policy(0, 60, 60, false, Map.of(), false);
      CachePolicy keyed =
          new CachePolicy(
              "k",
              base.minTtl(),
              base.defaultTtl(),
              base.maxTtl(),
              false,
              new KeySelection(KeySelection.Mode.ONLY, Set.of("authorization")),
              KeySelection.NONE,
              KeySelection.NONE,
              false,
              false,
              false,
              Map.of(),
              false);
      OriginAnswer answer = to("GET", LOGGED_IN, 200, "Cache-Control", FRESH);
      assertThat(refusal(answer, CachingRules.of(keyed))).isNull();
      assertThat(refusal(answer, CachingRules.of(base))).isEqualTo(Reason.AUTHORIZATION);
    }

    @Test
    void anErrorNeedsATimeOfItsOwn() {
      assertThat(refusal(answered(404, "ETag", "\"a\""), policy(60, 60, 60)))
          .isEqualTo(Reason.STATUS);
      assertThat(refusal(answered(404), Answers.errors(Map.of(404, Duration.ofSeconds(10)))))
          .isNull();
      assertThat(refusal(answered(416), Answers.errors(Map.of(416, Duration.ofSeconds(10)))))
          .isEqualTo(Reason.STATUS);
      assertThat(
              refusal(
                  answered(500, "Cache-Control", "no-store"),
                  Answers.errors(Map.of(500, Duration.ofSeconds(10)))))
          .isEqualTo(Reason.NO_STORE);
    }
  }

  @Test
  void tagsComeAlong() {
    assertThat(stored(ok("Cache-Control", FRESH, "Cache-Tag", "a, b")).tags().tags())
        .containsExactly("a", "b");
  }
}
