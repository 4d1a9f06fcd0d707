package dev.portico.gateway.violation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports as browsers write them, and as somebody else may. */
class ViolationReaderTest {
  private static @Nullable ViolationReports read(String text, boolean list) {
    return ViolationReader.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), list);
  }

  private static Violation only(@Nullable ViolationReports reports) {
    assertThat(requireNonNull(reports).violations()).hasSize(1);
    return reports.violations().getFirst();
  }

  private static Violation one(String fields) {
    return only(read("{'csp-report':{" + fields + "}}", false));
  }

  /** CSP 3, section 5.3. */
  @Test
  void aReportOfReportUri() {
    Violation found =
        one(
            """
            'document-uri':'https://docs.example.com/guide/?token=secret#part','referrer':'',
            'violated-directive':'script-src-elem','effective-directive':'script-src-elem',
            'original-policy':'default-src self; report-uri /.portico/csp-reports',
            'disposition':'report','blocked-uri':'inline','line-number':3,'script-sample':'x',
            'source-file':'https://docs.example.com/guide/','status-code':200""");
    assertThat(found).isEqualTo(new Violation("report", "script-src-elem", "inline", "/guide/"));
  }

  /** CSP 2, section 4.4: the directive is whole, and there is no disposition. */
  @Test
  void aReportOfAnOlderBrowser() {
    assertThat(
            one(
                "'document-uri':'http://a.example','violated-directive':'img-src data:',"
                    + "'blocked-uri':'https://b.example/x'"))
        .isEqualTo(new Violation("unknown", "img-src", "https://b.example", "/"));
  }

  /** Reporting API, section 3.2; CSP 3, section 5.5. */
  @Test
  void aListOfReportTo() {
    ViolationReports reports =
        requireNonNull(
            read(
                """
                [{'age':2,'type':'csp-violation','url':'https://a.example/page?q','user_agent':'x',
                  'body':{'blockedURL':'https://b.example:8443/x.js?y','columnNumber':1,
                    'disposition':'enforce','documentURL':'https://a.example/own?q',
                    'effectiveDirective':'script-src-elem','sample':null,'statusCode':200}},
                 {'type':'deprecation','url':'https://a.example/','body':{'id':'x'}},
                 {'type':'csp-violation','url':'https://a.example/page?q',
                  'body':{'blockedURL':'eval','effectiveDirective':'script-src'}},
                 {'type':'csp-violation','body':{}}, 7, {'body':null}]\
                """,
                true));
    assertThat(reports.violations())
        .containsExactly(
            new Violation("enforce", "script-src-elem", "https://b.example:8443", "/own"),
            new Violation("unknown", "script-src", "eval", "/page"));
    assertThat(reports.ignored()).isEqualTo(1);
    assertThat(reports.beyond()).isZero();
    assertThat(requireNonNull(read("[]", true)).violations()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "inline,inline",
    "wasm-eval,wasm-eval",
    "trusted-types-sink,trusted-types-sink",
    "data,data",
    "'data:text/html,secret',data",
    "blob:https://a.example/7f,blob",
    "chrome-extension://abc/x.js,chrome-extension",
    "https://user:password@B.Example/path?query#fragment,https://b.example",
    "wss://b.example:81?x,wss://b.example:81",
    "https://b.ex\u00e4mple\t/,https://b.exmple",
    "https:,unknown",
    "https:///x,unknown",
    "'',unknown",
    "no word,unknown",
    "://x,unknown",
  })
  void whatWasBlocked(String said, String counted) {
    assertThat(
            one("'effective-directive':'img-src','blocked-uri':'" + said.replace("\t", "\\t") + "'")
                .blocked())
        .isEqualTo(counted);
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example/a/b.html,/a/b.html",
    "https://a.example/a?b/c,/a",
    "https://a.example#/a,/",
    "HTTPS://a.example:8443/a;b=%20,/a;b=%20",
    "https://a.example/a b\u0007\u00e9\u2028c,/abc",
    "about:blank,''",
    "data:text/html,''",
    "https,''",
    "https:/x,/",
    "'',''",
  })
  void thePath(String said, String counted) {
    String escaped = said.replace("\u0007", "\\u0007");
    assertThat(one("'effective-directive':'img-src','document-uri':'" + escaped + "'").path())
        .isEqualTo(counted);
  }

  @Test
  void longTextsAreCut() {
    String longer = "x".repeat(5_000);
    Violation found =
        one(
            "'effective-directive':'img-src','blocked-uri':'https://%s/','document-uri':'https://a/%s'"
                .formatted(longer, longer));
    assertThat(found.blocked()).hasSize(ViolationText.BLOCKED).startsWith("https://xx");
    assertThat(found.path()).hasSize(ViolationText.PATH).startsWith("/xx");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "nonsense",
        "7",
        "{}",
        "[]",
        "{'csp-report':{}}",
        "{'csp-report':7}",
        "{'csp-report':{'effective-directive':7}}",
        "{'csp-report':{'effective-directive':''}}",
        "{'csp-report':{'effective-directive':'img_src'}}",
        "{'csp-report':{'effective-directive':'img-src'}",
        "{'csp-report':{'effective-directive':'img-src'}} {}",
        "{'csp-report':{'effective-directive':'\u0000'}}",
      })
  void garbageIsRefused(String text) {
    assertThat(read(text, false)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[", "[7]", "[{'type':'csp-violation'}]", "[[]]", "[] 1"})
  void garbageInAListIsRefused(String text) {
    assertThat(read(text, true)).isNull();
  }

  @Test
  void depthAndNumberAreBounded() {
    assertThat(read("[".repeat(30_000), true)).isNull();
    assertThat(read("{'csp-report':".repeat(4_000), false)).isNull();
    String report = "{'type':'csp-violation','body':{'effectiveDirective':'img-src'}},";
    ViolationReports many =
        requireNonNull(read('[' + report.repeat(ViolationReader.MOST_REPORTS + 7) + "0]", true));
    assertThat(many.violations()).hasSize(ViolationReader.MOST_REPORTS);
    assertThat(many.beyond()).isEqualTo(8);
  }

  /** Whatever comes, what is kept is as content-service agrees to take it. */
  @Test
  void nothingElseComesOut() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String letters = "aZ-09:/?#@\\\\ .%~\\n\u00e4\u2028\ud83d\ude00_;'\"{}[],";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "https://" : "");
      for (int n = random.nextInt(400); n > 0; n--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      String any = text.toString();
      String blocked = ViolationText.blocked(any);
      String path = ViolationText.path(any);
      String directive = ViolationText.directive(any);
      assertThat(blocked).as("seed %d", seed).matches("[!-~]{1,128}");
      assertThat(path).as("seed %d", seed).matches("[!-~]{0,256}").doesNotContain("?", "#");
      assertThat(directive == null || directive.matches("[a-z-]{1,40}"))
          .as("seed %d", seed)
          .isTrue();
    }
  }
}
