package dev.portico.gateway.cache.key;

import static dev.portico.gateway.cache.key.Requests.allExcept;
import static dev.portico.gateway.cache.key.Requests.get;
import static dev.portico.gateway.cache.key.Requests.only;
import static dev.portico.gateway.cache.key.Requests.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.cache.semantics.KeySelection;
import dev.portico.gateway.exchange.ConnectionMemory;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.exchange.ViewerRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheKeyTest {
  private static final KeySelection NONE = KeySelection.NONE;
  private static final KeySelection ALL = KeySelection.ALL;

  private final KeyWriter writer = new KeyWriter();

  private CacheKey key(ViewerRequest request, KeyRules rules) {
    return writer.write("site", request, rules).kept();
  }

  private boolean same(ViewerRequest one, ViewerRequest other, CachePolicy policy) {
    KeyRules rules = KeyRules.of(policy);
    return key(one, rules).equals(key(other, rules));
  }

  private boolean sameQuery(
      @Nullable String one, @Nullable String other, KeySelection query, boolean sorted) {
    return same(get(one), get(other), policy(Set.of(), NONE, query, sorted, false, false));
  }

  @Test
  void withoutAPolicyItIsTheTargetAsSent() {
    KeyRules rules = KeyRules.RFC_9111;
    CacheKey key = key(get("b=2&a=1", "Cookie", "c=d", "X", "y"), rules);
    assertThat(key(get("b=2&a=1", "Accept-Encoding", "br"), rules)).isEqualTo(key);
    assertThat(key(get("a=1&b=2"), rules)).isNotEqualTo(key);
    assertThat(key(get(null), rules)).isNotEqualTo(key(get(""), rules));
    assertThat(
            List.of(
                key(Requests.of("http", "example.com", 443, "/a", null), rules),
                key(Requests.of("https", "example.org", 443, "/a", null), rules),
                key(Requests.of("https", "example.com", 444, "/a", null), rules),
                key(Requests.of("https", "example.com", 443, "/A", null), rules),
                key(Requests.of("https", "example.com", 443, "/a/", null), rules),
                writer.write("other", get(null), rules).kept()))
        .doesNotContain(key(get(null), rules))
        .doesNotHaveDuplicates();
  }

  @Test
  void headAndGetShareOne() {
    ViewerRequest get = get(null);
    ViewerRequest head =
        new ViewerRequest(
            RequestIds.of(1, null),
            "HEAD",
            get.scheme(),
            get.host(),
            get.port(),
            get.rawPath(),
            get.path(),
            false,
            null,
            get.headers(),
            "192.0.2.2",
            get.protocol(),
            5,
            new ConnectionMemory());
    assertThat(key(head, KeyRules.RFC_9111)).isEqualTo(key(get, KeyRules.RFC_9111));
  }

  @ParameterizedTest
  @CsvSource({
    "a=1&b=2, a=1&b=3, false",
    "a=1&b=2, a=2&b=2, true",
    "b=2, '', false",
    "'', , true",
    "b=2&c=3, c=4&b=2&, true",
    "b, b=, false",
    "b=1&b=2, b=2&b=1, false",
    "B=2, '', true",
    "%62=2, '', true",
    "b=2&b=3, b=2%26b=3, false"
  })
  void namedParametersOnly(String one, @Nullable String other, boolean same) {
    assertThat(sameQuery(one, other, only("b"), false)).isEqualTo(same);
  }

  @Test
  void otherSelectionsOfParameters() {
    assertThat(sameQuery("a=1&utm=2", "utm=3&a=1", allExcept("utm"), false)).isTrue();
    assertThat(sameQuery("a=1&utm=2", "a=2&utm=2", allExcept("utm"), false)).isFalse();
    assertThat(sameQuery("a=1", "a=2", NONE, false)).isTrue();
    assertThat(sameQuery("a=1&b=2", "b=2&a=1", ALL, false)).isFalse();
    assertThat(sameQuery("a=1&b=2", "b=2&a=1", allExcept("x"), false)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "a=1&b=2, b=2&a=1, true",
    "a=1&a=2&b, b&a=1&a=2, true",
    "a=1&a=2, a=2&a=1, false",
    "ab=1&a=2, a=2&ab=1, true",
    "a=b&c, c&a=b&, true",
    "a, a=, false",
    "'b&a=1', 'a=1&b', true"
  })
  void sortedParameters(String one, String other, boolean same) {
    assertThat(sameQuery(one, other, ALL, true)).isEqualTo(same);
    assertThat(sameQuery(one + "&x=1", "x=2&" + other, allExcept("x"), true)).isEqualTo(same);
  }

  @Test
  void namedHeadersByTheirFullValue() {
    CachePolicy policy = policy(Set.of("origin", "x-b"), NONE, NONE, false, false, false);
    assertThat(same(get(null, "Origin", "a"), get(null, "ORIGIN", "a", "X", "y"), policy)).isTrue();
    assertThat(same(get(null, "Origin", "a"), get(null, "Origin", "A"), policy)).isFalse();
    assertThat(same(get(null, "Origin", ""), get(null), policy)).isFalse();
    assertThat(same(get(null, "Origin", "a"), get(null, "X-B", "a"), policy)).isFalse();
  }

  @Test
  void cookiesOneByOne() {
    CachePolicy policy = policy(Set.of(), only("s"), NONE, false, false, false);
    assertThat(same(get(null, "Cookie", "a=1; s=2"), get(null, "Cookie", " s=2;b=3"), policy))
        .isTrue();
    assertThat(
            same(get(null, "Cookie", "s=2", "Cookie", "t=1"), get(null, "Cookie", "s=2"), policy))
        .isTrue();
    assertThat(same(get(null, "Cookie", "s=2"), get(null, "Cookie", "s=3"), policy)).isFalse();
    assertThat(same(get(null, "Cookie", "s=2"), get(null, "Cookie", "S=2"), policy)).isFalse();
    assertThat(same(get(null, "Cookie", "s=2"), get(null), policy)).isFalse();
    CachePolicy all = policy(Set.of(), ALL, NONE, false, false, false);
    assertThat(same(get(null, "Cookie", "a=1; b"), get(null, "Cookie", "a=1;b;"), all)).isTrue();
    assertThat(same(get(null, "Cookie", "a=1; b"), get(null, "Cookie", "b; a=1"), all)).isFalse();
    CachePolicy asHeader = policy(Set.of("cookie"), NONE, NONE, false, false, false);
    assertThat(same(get(null, "Cookie", "a=1"), get(null, "Cookie", "a=2"), asHeader)).isFalse();
  }

  @Test
  void codingsThatArePartOfThePolicy() {
    CachePolicy both = policy(Set.of(), NONE, NONE, false, true, true);
    Set<CacheKey> keys = new HashSet<>();
    for (String value : List.of("gzip, br, zstd", "br;q=0.9,gzip", "deflate, x-gzip, BR")) {
      keys.add(key(get(null, "Accept-Encoding", value), KeyRules.of(both)));
    }
    assertThat(keys).hasSize(1);
    keys.add(key(get(null, "Accept-Encoding", "gzip"), KeyRules.of(both)));
    keys.add(key(get(null, "Accept-Encoding", "br, gzip;q=0"), KeyRules.of(both)));
    keys.add(key(get(null), KeyRules.of(both)));
    assertThat(keys).hasSize(4);
    keys.add(key(get(null, "Accept-Encoding", "zstd"), KeyRules.of(both)));
    assertThat(keys).hasSize(4);
    CachePolicy gzip = policy(Set.of(), NONE, NONE, false, true, false);
    assertThat(
            same(
                get(null, "Accept-Encoding", "gzip, br"),
                get(null, "Accept-Encoding", "gzip"),
                gzip))
        .isTrue();
  }

  @Test
  void anotherPolicyIsAnotherKey() {
    ViewerRequest request = get(null, "A", "x");
    assertThat(
            List.of(
                key(request, KeyRules.RFC_9111),
                key(request, KeyRules.of(policy(Set.of(), NONE, NONE, false, false, false))),
                key(request, KeyRules.of(policy(Set.of("a"), NONE, NONE, false, false, false))),
                key(request, KeyRules.of(policy(Set.of("b"), NONE, NONE, false, false, false))),
                key(request, KeyRules.of(policy(Set.of(), only("a"), NONE, false, false, false))),
                key(request, KeyRules.of(policy(Set.of(), NONE, only("a"), false, false, false))),
                key(request, KeyRules.of(policy(Set.of(), NONE, NONE, true, false, false)))))
        .doesNotHaveDuplicates();
  }

  @Test
  void allHeadersAreRefused() {
    CachePolicy base = policy(Set.of(), NONE, NONE, false, false, false);
    for (KeySelection headers : List.of(ALL, allExcept("a"))) {
      CachePolicy policy =
          new CachePolicy(
              "p",
              base.minTtl(),
              base.defaultTtl(),
              base.maxTtl(),
              false,
              headers,
              NONE,
              NONE,
              false,
              false,
              false,
              Map.of(),
              false);
      assertThatThrownBy(() -> KeyRules.of(policy)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** Under a policy the origin sees no cookies, so that what it answers is not for others. */
  @Test
  void noPolicyIsNotAPolicyThatSelectsTheSame() {
    KeyRules rules = KeyRules.of(policy(Set.of(), NONE, ALL, false, false, false));
    assertThat(key(get("q=1"), rules)).isNotEqualTo(key(get("q=1"), KeyRules.RFC_9111));
  }

  @Test
  void theBytesAreTheSameInEveryProcess() {
    KeyRules rules = KeyRules.of(policy(Set.of("x"), only("s"), only("q"), false, true, true));
    CacheKey key = key(get("q=1", "X", "\u00fc", "Cookie", "s=2", "Accept-Encoding", "br"), rules);
    assertThat(HexFormat.of().formatHex(key.toBytes())).isEqualTo(STABLE);
    assertThat(CacheKey.of(key.toBytes())).isEqualTo(key).hasSameHashCodeAs(key);
  }

  private static final String STABLE =
      "0246c868f707f142580104736974650b6578616d706c652e636f6dbb03022f610103713d31000101c3bc0103733d320003";

  @Test
  void aKeptKeyOutlivesTheNext() {
    CacheKey view = writer.write("site", get("a"), KeyRules.RFC_9111);
    CacheKey kept = view.kept();
    assertThat(kept).isEqualTo(view);
    CacheKey next = writer.write("site", get("x".repeat(5000)), KeyRules.RFC_9111);
    assertThat(next).isSameAs(view).isNotEqualTo(kept);
    assertThat(next.length()).isGreaterThan(5000);
    assertThat(kept).isEqualTo(key(get("a"), KeyRules.RFC_9111));
  }

  /**
   * Random requests from a small alphabet that holds every separator, under random policies: keys
   * are equal exactly when what the policy selects is, written out in the plainest way; and equal
   * keys mean equal values for the origin.
   */
  @Test
  void keysAreEqualExactlyWhenTheSelectedPartsAre() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int repeated = 0;
    for (int round = 0; round < 300; round++) {
      CachePolicy policy = randomPolicy(random);
      KeyRules rules = KeyRules.of(policy);
      Map<CacheKey, List<@Nullable Object>> partsOf = new HashMap<>();
      Map<List<@Nullable Object>, CacheKey> keyOf = new HashMap<>();
      Map<CacheKey, ForwardedValues> forwardedOf = new HashMap<>();
      for (int i = 0; i < 200; i++) {
        ViewerRequest request = randomRequest(random);
        CacheKey key = key(request, rules);
        List<@Nullable Object> parts = parts(request, policy);
        String about = "seed " + seed + " " + policy + " " + request;
        List<@Nullable Object> earlier = partsOf.putIfAbsent(key, parts);
        assertThat(parts).as(about).isEqualTo(earlier == null ? parts : earlier);
        CacheKey earlierKey = keyOf.putIfAbsent(parts, key);
        assertThat(key).as(about).isEqualTo(earlierKey == null ? key : earlierKey);
        ForwardedValues forwarded = ForwardedValues.of(request, rules);
        ForwardedValues before = forwardedOf.putIfAbsent(key, forwarded);
        assertThat(forwarded).as(about).isEqualTo(before == null ? forwarded : before);
        repeated += earlier == null ? 0 : 1;
      }
    }
    assertThat(repeated).isGreaterThan(1000);
  }

  private static String text(Random random) {
    String[] pieces = {"a", "b", "=", "&", ";", ",", "\0", "1", "\1", "\u00fc", "\u0141", " "};
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return text.toString();
  }

  private static KeySelection selection(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> NONE;
      case 1 -> ALL;
      case 2 -> only("a", "ab");
      default -> allExcept("b");
    };
  }

  private static CachePolicy randomPolicy(Random random) {
    Set<String> headers =
        List.of(Set.<String>of(), Set.of("x"), Set.of("x", "y")).get(random.nextInt(3));
    return policy(
        headers,
        selection(random),
        selection(random),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean());
  }

  private static ViewerRequest randomRequest(Random random) {
    List<String> fields = new ArrayList<>();
    for (String name : new String[] {"X", "Y", "Cookie", "Cookie"}) {
      if (random.nextInt(3) == 0) {
        fields.addAll(List.of(name, text(random)));
      }
    }
    if (random.nextBoolean()) {
      String[] values = {"gzip", "br", "gzip, br", "br;q=0", "", "*"};
      fields.addAll(List.of("Accept-Encoding", values[random.nextInt(values.length)]));
    }
    return Requests.of(
        random.nextInt(9) == 0 ? "http" : "https",
        random.nextInt(9) == 0 ? "b" : "a",
        random.nextInt(9) == 0 ? 444 : 443,
        "/" + (random.nextInt(4) == 0 ? text(random) : ""),
        random.nextInt(3) == 0 ? null : text(random),
        fields.toArray(String[]::new));
  }

  /** What the policy selects, by splitting and filtering, with no thought for speed. */
  private static List<@Nullable Object> parts(ViewerRequest request, CachePolicy policy) {
    List<@Nullable Object> parts = new ArrayList<>();
    parts.addAll(List.of(request.scheme(), request.host(), request.port(), request.rawPath()));
    if (policy.query().equals(ALL) && !policy.sortQuery()) {
      parts.add(request.query());
    } else {
      String query = request.query() == null ? "" : request.query();
      List<String> pieces = new ArrayList<>(List.of(query.split("&")));
      pieces.removeIf(piece -> piece.isEmpty() || !policy.query().selects(piece.split("=", -1)[0]));
      if (policy.sortQuery()) {
        pieces.sort((one, other) -> one.split("=", -1)[0].compareTo(other.split("=", -1)[0]));
      }
      parts.add(pieces);
    }
    for (String name : List.of("x", "y")) {
      parts.add(policy.headers().selects(name) ? request.headers().joined(name) : null);
    }
    List<String> cookies = new ArrayList<>();
    for (String line : request.headers().all("cookie")) {
      Arrays.stream(line.split(";"))
          .map(String::strip)
          .filter(cookie -> !cookie.isEmpty())
          .filter(cookie -> policy.cookies().selects(cookie.split("=", -1)[0].strip()))
          .forEach(cookies::add);
    }
    parts.add(cookies);
    String codings = String.join(",", request.headers().all("accept-encoding"));
    boolean any = codings.equals("*");
    parts.add(policy.gzip() && (any || codings.contains("gzip")));
    parts.add(policy.brotli() && (any || (codings.contains("br") && !codings.contains("q=0"))));
    return parts;
  }
}
