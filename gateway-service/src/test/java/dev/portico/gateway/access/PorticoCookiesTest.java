package dev.portico.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.exchange.HeaderFields;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PorticoCookiesTest {
  private static HeaderFields cookies(String... lines) {
    FieldList.Builder fields = new FieldList.Builder().add("Host", "demo.localhost");
    for (String line : lines) {
      fields.add("Cookie", line);
    }
    return fields.build();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "__Host-portico=abc|abc",
        "a=b; __Host-portico=abc|abc",
        "a=b;__Host-portico=abc;c=d|abc",
        "a=b;\t__Host-portico=abc |abc",
        "__Host-portico=|''",
        "__Host-portico=a=b|a=b",
        "__Host-portico-in-1=abc|",
        "__host-portico=abc|",
        "x__Host-portico=abc|",
        "x=__Host-portico=abc|",
        "__Host-portico|",
        "__Host-portico =abc|",
        "__Host-portico=abc; __Host-portico=abc|abc",
        "__Host-portico=abc; __Host-portico=abd|",
        ";;;|",
      })
  void theSession(String line, String expected) {
    assertThat(PorticoCookies.session(cookies(line))).isEqualTo(expected);
  }

  @Test
  void ofSeveralLines() {
    assertThat(PorticoCookies.session(cookies("a=b", "__Host-portico=abc"))).isEqualTo("abc");
    assertThat(PorticoCookies.session(cookies("__Host-portico=x", "__Host-portico=y"))).isNull();
    assertThat(PorticoCookies.session(HeaderFields.NONE)).isNull();
  }

  @Test
  void allByName() {
    assertThat(
            PorticoCookies.all(
                cookies("a=b; __Host-portico=s", "__Host-portico-in-1=t; __Host-portico-in-1=u")))
        .containsOnly(
            org.assertj.core.api.Assertions.entry("__Host-portico", "s"),
            org.assertj.core.api.Assertions.entry("__Host-portico-in-1", "t"));
  }

  @Test
  void theOthersAreLeftAsTheyAre() {
    HeaderFields none = cookies("a=b;c=d", "portico-release=1");
    assertThat(PorticoCookies.without(none)).isSameAs(none);
    HeaderFields some =
        PorticoCookies.without(
            cookies(
                "a=b; __Host-portico=s;c=d", "x=y;z", "__Host-portico-in-1=t", "__Host-portico"));
    assertThat(some.all("COOKIE")).containsExactly("a=b; c=d", "x=y;z");
    assertThat(some.first("cookie")).isEqualTo("a=b; c=d");
    assertThat(some.first("host")).isEqualTo("demo.localhost");
    List<String> lines = new ArrayList<>();
    some.forEach(
        (name, value) -> lines.add(name.toLowerCase(java.util.Locale.ROOT) + ": " + value));
    assertThat(lines).containsExactly("host: demo.localhost", "cookie: a=b; c=d", "cookie: x=y;z");
    assertThat(some.toString()).doesNotContain("portico=s");
  }

  @Test
  void whereThereIsNoOther() {
    HeaderFields left = PorticoCookies.without(cookies("__Host-portico=s"));
    assertThat(left.contains("cookie")).isFalse();
    assertThat(left.all("cookie")).isEmpty();
    assertThat(left.joined("cookie")).isNull();
  }

  @Test
  void nobodyElseSetsThem() {
    HeaderFields none = FieldList.of("Set-Cookie", "a=__Host-portico", "ETag", "\"e\"");
    assertThat(PorticoCookies.unset(none)).isSameAs(none);
    HeaderFields some =
        FieldList.of(
            "Set-Cookie", "a=b; Path=/",
            "set-cookie", "__Host-portico=mine; Path=/; Secure",
            "Set-Cookie", " __Host-portico-pass-press=1.x",
            "Set-Cookie", "=__Host-portico=mine",
            "ETag", "\"e\"");
    assertThat(PorticoCookies.unset(some))
        .isEqualTo(FieldList.of("Set-Cookie", "a=b; Path=/", "ETag", "\"e\""));
  }
}
