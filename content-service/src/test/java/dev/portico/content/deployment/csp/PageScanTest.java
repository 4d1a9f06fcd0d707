package dev.portico.content.deployment.csp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page needs, in the words of Content Security Policy Level 3. */
class PageScanTest {
  private static final String BARE =
      "default-src 'self'; object-src 'none'; form-action 'self'; base-uri 'self';"
          + " frame-ancestors 'self'";

  private final PolicyBuilder builder = new PolicyBuilder(400);

  private ComputedPolicy of(String html) {
    return of(html.getBytes(StandardCharsets.UTF_8));
  }

  private ComputedPolicy of(byte[] html) {
    try {
      PageScan.page(new ByteArrayInputStream(html), "UTF-8", "/a.html", builder);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return builder.build();
  }

  private static String bare(String more) {
    return BARE.replace("default-src 'self'", "default-src 'self'; " + more);
  }

  @Test
  void aPageOfTheSitesOwnNeedsNothing() {
    assertThat(
            of("<link rel=stylesheet href=/a.css><script src=a.js></script><img src='b.png'>"
                    + "<a href='https://elsewhere.example/'>a link loads nothing</a>")
                .policy())
        .isEqualTo(BARE);
  }

  /** The hash that section 8.4 of the specification gives as its example's. */
  @Test
  void hashesInlineScriptsAsBrowsersDo() {
    assertThat(of("<script>alert('Hello, world.');</script>").policy())
        .isEqualTo(bare("script-src 'self' 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"));
  }

  @Test
  void linesEndByLineFeedsWhateverTheFileHas() {
    ComputedPolicy one = of("<script>a();\r\nb();\rc();</script><script>a();\nb();\nc();</script>");
    assertThat(one.sources()).singleElement().satisfies(s -> assertThat(s.files()).isEqualTo(1));
  }

  @Test
  void hashesWhatRunsAndNotWhatIsData() {
    ComputedPolicy policy =
        of(
            """
            <script type="application/ld+json">{"a": 1}</script><script type=text/template>x</script>
            <script type=module>one()</script><script type=importmap>{"imports": {}}</script>
            <script type=" Text/JavaScript ">two()</script><script></script>
            <svg><script>three("&amp;")</script></svg>
            <style>p { color: red }</style><svg><style>a { }</style></svg>
            """);
    assertThat(policy.sources().stream().map(UsedSource::source))
        .containsExactlyInAnyOrder(
            Source.hash("one()"),
            Source.hash("{\"imports\": {}}"),
            Source.hash("two()"),
            Source.hash("three(\"&\")"),
            Source.hash("p { color: red }"),
            Source.hash("a { }"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "<script src='https://cdn.example/x/y.js?z'></script>|script-src 'self' https://cdn.example",
        "<script src='//CDN.example:8443/y.js'></script>|script-src 'self' https://cdn.example:8443",
        "<link rel='preload stylesheet' href=https://c.example/a.css>|style-src 'self' https://c.example",
        "<link rel=modulepreload href=https://c.example/a.js>|script-src 'self' https://c.example",
        "<link rel=preload as=font href=https://c.example/a.woff2>|font-src 'self' https://c.example",
        "<link rel=icon href=https://c.example/a.svg>|img-src 'self' https://c.example",
        "<link rel=manifest href=https://c.example/m>|manifest-src 'self' https://c.example",
        "<img src=data:image/png;base64,AAAA>|img-src 'self' data:",
        "<img srcset='a.png 1x,https://i.example/b.png 2x, //j.example/c,d.png'>|img-src 'self' https://i.example https://j.example",
        "<picture><source srcset='https://i.example/b.png'></picture>|img-src 'self' https://i.example",
        "<video poster=https://i.example/p><source src=https://m.example/v></video>|img-src 'self' https://i.example; media-src 'self' https://m.example",
        "<iframe src=https://f.example/x></iframe>|frame-src 'self' https://f.example",
        "<script src=https://user:word@cdn.example/x.js></script>|script-src 'self' https://cdn.example",
        "<img src=https://bücher.example/x.png>|img-src 'self' https://xn--bcher-kva.example",
        "<iframe srcdoc='<img src=https://i.example/x>'></iframe>|img-src 'self' https://i.example",
      })
  void namesTheHostsThatItLoadsFrom(String html, String expected) {
    assertThat(of(html).policy()).isEqualTo(bare(expected));
  }

  @Test
  void tellsFontsFromImagesAndImportsInStyleSheets() {
    PageScan.styleSheet(
        """
        @import url("https://s.example/a.css");
        @font-face { font-family: x; src: url('https://f.example/a.woff2') format('woff2') }
        p { background: URL( https://i.example/a.png ), url(data:image/png;base64,AA==) }
        q { fill: url(#gradient); background: url(own.png) }
        """,
        "/a.css",
        builder);
    assertThat(builder.build().policy())
        .isEqualTo(
            bare(
                "style-src 'self' https://s.example; img-src 'self' data: https://i.example;"
                    + " font-src 'self' https://f.example"));
  }

  @Test
  void relativeUrlsAreTheBases() {
    assertThat(
            of("<base href='https://b.example/x/'><img src=a.png><script src=/a.js></script>")
                .policy())
        .isEqualTo(
            "default-src 'self'; script-src 'self' https://b.example; img-src 'self'"
                + " https://b.example; object-src 'none'; form-action 'self'; base-uri 'self'"
                + " https://b.example; frame-ancestors 'self'");
  }

  @Test
  void formsAndPluginsAreNamed() {
    assertThat(
            of("<form action=https://pay.example/x></form><object data=/own.swf></object>")
                .policy())
        .isEqualTo(
            "default-src 'self'; object-src 'self'; form-action 'self' https://pay.example;"
                + " base-uri 'self'; frame-ancestors 'self'");
  }

  @Test
  void findsWhatDoesNotWorkUnderIt() {
    ComputedPolicy policy =
        of(
            """
            <body onload="x()"><a onclick="y()" href=" JavaScript:void(0)">a</a>
            <p style="color: red">b</p><img src="http://c.example/d.png">
            <meta http-equiv="Content-Security-Policy" content="default-src *">
            """);
    assertThat(policy.findings())
        .containsExactlyInAnyOrder(
            new Finding("/a.html", Finding.Kind.EVENT_HANDLER, 2),
            new Finding("/a.html", Finding.Kind.JAVASCRIPT_URL, 1),
            new Finding("/a.html", Finding.Kind.STYLE_ATTRIBUTE, 1),
            new Finding("/a.html", Finding.Kind.CLEAR_TEXT, 1),
            new Finding("/a.html", Finding.Kind.OWN_POLICY, 1));
    assertThat(policy.policy()).contains("style-src-attr 'unsafe-inline';");
    assertThat(policy.policy()).doesNotContain("script-src");
  }

  @ParameterizedTest
  @CsvSource({
    "mailto:a@b.example",
    "about:blank",
    "javascript:1",
    "''",
    "//",
    "https://",
    "'https://a b/'",
    "https://user@host.example/",
    "\"https://a.example;script-src *\"",
    "'https://a.example,b'",
  })
  void nothingElseGetsIntoAPolicy(String url) {
    String source = Source.of(url);
    assertThat(source == null || source.matches("'self'|https://[a-z0-9.:-]+")).as(source).isTrue();
    assertThat(String.valueOf(source)).doesNotContain(";", ",", " ", "@");
  }

  @Test
  void saysWhenItIsTooLongOrNotAll() {
    for (int i = 0; i < 10; i++) {
      of("<script>" + i + "</script>");
    }
    ComputedPolicy long10 = builder.build();
    assertThat(long10.length()).isEqualTo(long10.policy().length()).isGreaterThan(400);
    assertThat(long10.fits()).isFalse();
    assertThat(long10.complete()).isTrue();
    for (int i = 0; i < PolicyBuilder.MOST_SOURCES; i++) {
      of("<script>" + i + "</script>");
    }
    assertThat(builder.build().complete()).as("%d sources", PolicyBuilder.MOST_SOURCES).isTrue();
    assertThat(of("<script>more</script>").complete()).isFalse();
  }

  @Test
  void countsFilesAndFindingsOnceEach() {
    for (int i = 0; i < PolicyBuilder.MOST_FINDINGS + 10; i++) {
      builder.leaveOut("/" + i);
      builder.leaveOut("/" + i);
    }
    assertThat(builder.build().findings())
        .hasSize(PolicyBuilder.MOST_FINDINGS)
        .contains(new Finding("/0", Finding.Kind.LEFT_OUT, 2));
  }

  @Test
  void whatComesFromWithinAPageRunsNothing() {
    ComputedPolicy policy =
        of(
            "<base href='data:,x'><script src='data:text/javascript,x()'></script>"
                + "<object data='blob:https://a.example/1'></object><img src='data:image/gif,x'>");
    assertThat(policy.policy()).isEqualTo(bare("img-src 'self' data:"));
    assertThat(policy.findings()).containsExactly(new Finding("/a.html", Finding.Kind.DATA_URL, 3));
  }

  @Test
  void aHostThatIsNoneMakesItIncomplete() {
    ComputedPolicy policy =
        of(
            "<img src='https://"
                + "a".repeat(254)
                + "/'><img src='https:/cdn/x'><img src='//a_%/'>");
    assertThat(policy.policy()).isEqualTo(BARE);
    assertThat(policy.complete()).isFalse();
    assertThat(policy.findings())
        .containsExactly(new Finding("/a.html", Finding.Kind.UNREADABLE_URL, 3));
  }

  @Test
  void sourcesTakeNoMoreMemoryThanAPolicyEverCan() {
    for (int i = 0; i < 1_500; i++) {
      String label = "a".repeat(60) + '.';
      PageScan.styleSheet(
          "p { x: url(//" + i + '.' + label.repeat(3) + "example/) }", "/a", builder);
    }
    assertThat(builder.build().complete()).isFalse();
    assertThat(builder.build().length()).isLessThan(2 * PolicyBuilder.MOST_TEXT);
  }

  /** With expressions that go back these take hours; the time-out is for those. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "url(",
        "url(a",
        "url( ",
        "url(\"",
        "url('a",
        "@font-face{",
        "@font-face {a",
        "@import ",
        "@import url(",
        "@import '",
        "(@",
      })
  @Timeout(60)
  void hostileStyleSheetsCostNoMoreThanOthers(String piece) {
    PageScan.styleSheet(piece.repeat((2 << 20) / piece.length()), "/a.css", builder);
    assertThat(builder.build().styleSheets()).isEqualTo(1);
  }
}
