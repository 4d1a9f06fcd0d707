package dev.portico.gateway.response.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.exchange.ConnectionMemory;
import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.Timeline;
import dev.portico.gateway.exchange.ViewerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CloudFront's response headers policies, and the CORS protocol of the Fetch standard. */
class PolicyRulesTest {
  private static final String APP = "https://app.example.com";

  private static ViewerRequest request(String method, String... fields) {
    return requestAt("https", "docs.example.com", method, fields);
  }

  private static ViewerRequest requestAt(
      String scheme, String host, String method, String... fields) {
    return new ViewerRequest(
        RequestIds.of(0, null),
        method,
        scheme,
        host,
        443,
        "/",
        "/",
        false,
        null,
        FieldList.of(fields),
        "192.0.2.1",
        HttpProtocol.HTTP_1_1,
        0,
        new ConnectionMemory());
  }

  private static Cors cors(boolean credentials, boolean override, String... origins) {
    return new Cors(
        credentials,
        List.of("X-A", "X-B"),
        List.of("GET", "PUT"),
        List.of(origins),
        List.of("X-C"),
        60,
        override);
  }

  private static PolicyRules rules(
      List<HeaderRule> headers, @Nullable Cors cors, String... removed) {
    return PolicyRules.of(
        new ResponsePolicy("p", headers, cors, Set.of(removed), ResponsePolicy.NO_TIMING));
  }

  /** The values of a field after rules were applied to a head of these lines. */
  private static List<String> values(
      PolicyRules rules, ViewerRequest request, String name, String... lines) {
    ResponseHead.Builder head = ResponseHead.of(200);
    for (int i = 0; i < lines.length; i += 2) {
      head.add(lines[i], lines[i + 1]);
    }
    rules.apply(head, request);
    List<String> values = new ArrayList<>();
    head.build()
        .forEach(
            (field, value) -> {
              if (field.equalsIgnoreCase(name)) {
                values.add(value);
              }
            });
    return values;
  }

  @Test
  void anOverrideReplacesAndAnythingElseFillsIn() {
    PolicyRules rules =
        rules(
            List.of(new HeaderRule("X-A", "ours", true), new HeaderRule("X-B", "ours", false)),
            null);
    ViewerRequest get = request("GET");
    assertThat(values(rules, get, "X-A", "x-a", "1", "X-A", "2")).containsExactly("ours");
    assertThat(values(rules, get, "X-A")).containsExactly("ours");
    assertThat(values(rules, get, "X-B", "x-b", "1")).containsExactly("1");
    assertThat(values(rules, get, "X-B")).containsExactly("ours");
  }

  @Test
  void removalComesFirst() {
    PolicyRules rules =
        rules(List.of(new HeaderRule("Server", "ours", false)), null, "SERVER", "X-Powered-By");
    ViewerRequest get = request("GET");
    assertThat(values(rules, get, "Server", "Server", "theirs")).containsExactly("ours");
    assertThat(values(rules, get, "X-Powered-By", "x-powered-by", "php")).isEmpty();
  }

  @Test
  void porticosOwnAreAddedWhereThePolicyIsSilent() {
    ViewerRequest get = request("GET");
    PolicyRules silent = rules(List.of(), null);
    for (HeaderRule own : SecurityHeaders.DEFAULTS) {
      assertThat(values(silent, get, own.name())).containsExactly(own.value());
    }
    assertThat(values(silent, get, "X-Content-Type-Options", "X-Content-Type-Options", "x"))
        .containsExactly("nosniff");
    PolicyRules decided =
        rules(
            List.of(
                new HeaderRule("Permissions-Policy", "camera=(self)", true),
                new HeaderRule("X-Content-Type-Options", "nosniff", false)),
            null,
            "Cross-Origin-Opener-Policy");
    assertThat(values(decided, get, "Permissions-Policy")).containsExactly("camera=(self)");
    assertThat(values(decided, get, "Cross-Origin-Opener-Policy")).isEmpty();
    assertThat(values(decided, get, "X-Content-Type-Options", "X-Content-Type-Options", "x"))
        .containsExactly("x");
    assertThat(values(decided, get, "Referrer-Policy")).hasSize(1);
  }

  /** RFC 6797, section 7.2. */
  @ParameterizedTest
  @CsvSource({"https,example.com,1", "http,example.com,0", "https,demo.localhost,0"})
  void strictTransportIsSaidOverTlsAlone(String scheme, String host, int count) {
    PolicyRules rules =
        rules(List.of(new HeaderRule("Strict-Transport-Security", "max-age=1", true)), null);
    assertThat(values(rules, requestAt(scheme, host, "GET"), "Strict-Transport-Security"))
        .hasSize(count);
  }

  @Test
  void aPreviewIsNotForSearchEnginesWhateverThePolicySays() {
    PolicyRules rules =
        rules(List.of(new HeaderRule("X-Robots-Tag", "all", true)), null, "x-robots-tag");
    assertThat(values(rules, request("GET"), "X-Robots-Tag")).containsExactly("all");
    assertThat(values(rules.forPreview(), request("GET"), "X-Robots-Tag"))
        .containsExactly("noindex");
    assertThat(rules.forPreview()).isNotEqualTo(rules).isSameAs(rules.forPreview());
  }

  @ParameterizedTest
  @CsvSource({
    "https://app.example.com,https://app.example.com,true",
    "https://APP.example.com,https://app.example.com,true",
    "https://app.example.com,http://app.example.com,false",
    "https://app.example.com,https://app.example.com:8443,false",
    "https://app.example.com,https://app.example.com.evil.example,false",
    "https://app.example.com,null,false",
    "app.example.com,http://app.example.com,true",
    "app.example.com,https://app.example.com,true",
    "https://app.example.com:8443,https://app.example.com:8443,true",
    "https://*.example.com,https://a.example.com,true",
    "https://*.example.com,https://a.b.example.com,true",
    "https://*.example.com,https://example.com,false",
    "https://*.example.com,https://.example.com,false",
    "https://*.example.com,https://evil-example.com,false",
    "https://*.example.com,http://a.example.com,false",
    "https://*.example.com,https://evil.org/.example.com,false",
    "https://*.example.com,https://evil.org:1@a.example.com,false",
    "*.example.com,http://a.example.com,true",
    "*.example.com:81,http://a.example.com:81,true",
    "*.example.com:81,http://a.example.com,false",
  })
  void whoIsAllowed(String allowed, String origin, boolean expected) {
    PolicyRules rules = rules(List.of(), cors(false, true, allowed));
    ViewerRequest request = request("GET", "Origin", origin);
    List<String> told = expected ? List.of(origin) : List.of();
    assertThat(values(rules, request, "Access-Control-Allow-Origin")).isEqualTo(told);
    assertThat(values(rules, request, "Access-Control-Expose-Headers"))
        .isEqualTo(expected ? List.of("X-C") : List.of());
    assertThat(values(rules, request, "Vary")).containsExactly("Origin");
    assertThat(rules.variant(request)).isEqualTo(expected ? origin : "");
  }

  /** Fetch standard, section 3.3.6 "CORS protocol and HTTP caches". */
  @Test
  void whatDoesNotDependOnTheOriginIsTheSameForAll() {
    PolicyRules any = rules(List.of(), cors(false, true, "*"));
    for (ViewerRequest each : List.of(request("GET"), request("GET", "Origin", APP))) {
      assertThat(values(any, each, "Access-Control-Allow-Origin")).containsExactly("*");
      assertThat(values(any, each, "Vary")).isEmpty();
      assertThat(any.variant(each)).isNull();
    }
    PolicyRules some = rules(List.of(), cors(true, true, APP));
    assertThat(values(some, request("GET"), "Vary", "Vary", "Accept"))
        .containsExactly("Accept", "Origin");
    assertThat(values(some, request("GET"), "Vary", "Vary", "Accept, origin"))
        .containsExactly("Accept, origin");
    assertThat(values(some, request("GET"), "Access-Control-Allow-Origin")).isEmpty();
    // Two origins in one request are no browser's.
    assertThat(some.variant(request("GET", "Origin", APP, "Origin", APP))).isEmpty();
  }

  @Test
  void credentialsAreSaidToThoseAllowed() {
    PolicyRules rules = rules(List.of(), cors(true, true, APP));
    assertThat(values(rules, request("GET", "Origin", APP), "Access-Control-Allow-Credentials"))
        .containsExactly("true");
    assertThat(
            values(
                rules, request("GET", "Origin", "https://b"), "Access-Control-Allow-Credentials"))
        .isEmpty();
    assertThat(
            values(
                rules(List.of(), cors(false, true, APP)),
                request("GET", "Origin", APP),
                "Access-Control-Allow-Credentials"))
        .isEmpty();
  }

  @Test
  void whatTheOriginSaysIsReplacedAsAWholeOrNotAtAll() {
    String[] theirs = {"Access-Control-Allow-Origin", "https://other.example"};
    ViewerRequest app = request("GET", "Origin", APP);
    ViewerRequest stranger = request("GET", "Origin", "https://other.example");
    PolicyRules over = rules(List.of(), cors(true, true, APP));
    assertThat(values(over, app, "Access-Control-Allow-Origin", theirs)).containsExactly(APP);
    assertThat(values(over, stranger, "Access-Control-Allow-Origin", theirs)).isEmpty();
    PolicyRules under = rules(List.of(), cors(true, false, APP));
    assertThat(values(under, app, "Access-Control-Allow-Origin", theirs))
        .containsExactly("https://other.example");
    assertThat(values(under, app, "Access-Control-Allow-Credentials", theirs)).isEmpty();
    assertThat(values(under, app, "Access-Control-Allow-Origin")).containsExactly(APP);
  }

  @Test
  void aPreflightIsToldWhatAnotherRequestMayDo() {
    PolicyRules rules = rules(List.of(), cors(false, true, APP));
    ViewerRequest preflight =
        request("OPTIONS", "Origin", APP, "Access-Control-Request-Method", "PUT");
    assertThat(rules.answersPreflight(preflight, true)).isTrue();
    assertThat(values(rules, preflight, "Access-Control-Allow-Methods"))
        .containsExactly("GET, PUT");
    assertThat(values(rules, preflight, "Access-Control-Allow-Headers"))
        .containsExactly("X-A, X-B");
    assertThat(values(rules, preflight, "Access-Control-Max-Age")).containsExactly("60");
    assertThat(values(rules, preflight, "Access-Control-Expose-Headers")).isEmpty();
    ViewerRequest get = request("GET", "Origin", APP);
    assertThat(values(rules, get, "Access-Control-Allow-Methods")).isEmpty();
    assertThat(values(rules, get, "Access-Control-Max-Age")).isEmpty();
    assertThat(rules.answersPreflight(get, false)).isFalse();
    assertThat(rules.answersPreflight(request("OPTIONS", "Origin", APP), false)).isFalse();
    assertThat(rules(List.of(), null).answersPreflight(preflight, false)).isFalse();
    PolicyRules under = rules(List.of(), cors(false, false, APP));
    assertThat(under.answersPreflight(preflight, false)).isTrue();
    assertThat(under.answersPreflight(preflight, true)).isFalse();
  }

  private static Timeline timeline(Outcome outcome) {
    Timeline timeline = new Timeline(0, 0);
    timeline.outcome(outcome);
    return timeline;
  }

  private static PolicyRules timed(int share) {
    return PolicyRules.of(new ResponsePolicy("p", List.of(), null, Set.of(), share));
  }

  @ParameterizedTest
  @CsvSource({
    "HIT,cdn-cache-hit",
    "STALE,cdn-cache-hit",
    "MISS,cdn-cache-miss",
    "PASS,cdn-cache-miss",
    "REVALIDATED,cdn-cache-refresh",
    "LOCAL,cdn-rid",
  })
  void serverTimingSaysHowItWent(Outcome outcome, String metric) {
    ViewerRequest get = request("GET");
    String value =
        timed(ResponsePolicy.MILLION)
            .sent(ResponseHead.of(200).build(), get, timeline(outcome))
            .first("Server-Timing");
    assertThat(value)
        .startsWith(metric)
        .contains("cdn-rid;desc=\"" + get.requestId() + '"')
        .containsPattern("cdn-downstream-fbl;dur=\\d+")
        .doesNotContain("upstream-fbl");
  }

  @Test
  void serverTimingKnowsTheOriginsTime() {
    Timeline timeline = timeline(Outcome.MISS);
    timeline.originStarted();
    timeline.originAnswered();
    assertThat(
            timed(ResponsePolicy.MILLION)
                .sent(ResponseHead.of(200).build(), request("GET"), timeline)
                .first("Server-Timing"))
        .containsPattern("cdn-upstream-layer;desc=\"EDGE\",cdn-upstream-fbl;dur=\\d+");
  }

  @Test
  void serverTimingIsForThoseChosenAndThoseWhoAsk() {
    ResponseHead head = ResponseHead.of(200).build();
    ViewerRequest asking = request("GET", "Pragma", "no-cache, server-timing");
    assertThat(timed(0).sent(head, request("GET"), timeline(Outcome.HIT))).isSameAs(head);
    assertThat(timed(0).sent(head, asking, timeline(Outcome.HIT)).first("Server-Timing"))
        .isNotNull();
    assertThat(timed(ResponsePolicy.NO_TIMING).sent(head, asking, timeline(Outcome.HIT)))
        .isSameAs(head);
    int chosen = 0;
    for (int i = 0; i < 10_000; i++) {
      chosen +=
          timed(500_000).sent(head, request("GET"), timeline(Outcome.HIT)).equals(head) ? 0 : 1;
    }
    // Of 10,000 with a half each, fewer than 4,500 or more than 5,500 are ten deviations away.
    assertThat(chosen).isBetween(4_500, 5_500);
    assertThatThrownBy(() -> timed(1_000_001)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatAnOriginSaidOfAnotherResponsesTimeIsReplaced() {
    ResponseHead head = ResponseHead.of(200).add("Server-Timing", "db;dur=9").build();
    PolicyRules rules = timed(ResponsePolicy.MILLION);
    List<String> hit = new ArrayList<>();
    rules
        .sent(head, request("GET"), timeline(Outcome.HIT))
        .forEach((name, value) -> hit.add(value));
    assertThat(hit).hasSize(1).first().asString().startsWith("cdn-cache-hit");
    List<String> miss = new ArrayList<>();
    rules
        .sent(head, request("GET"), timeline(Outcome.MISS))
        .forEach((name, value) -> miss.add(value));
    assertThat(miss).hasSize(2).first().isEqualTo("db;dur=9");
  }

  @Test
  void largeOnesAreNotKeptWithEachResponse() {
    assertThat(rules(List.of(), null).keepable()).isTrue();
    assertThat(rules(List.of(new HeaderRule("X-A", "v".repeat(1_700), true)), null).keepable())
        .isFalse();
  }
}
