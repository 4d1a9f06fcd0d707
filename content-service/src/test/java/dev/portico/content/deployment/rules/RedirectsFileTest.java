package dev.portico.content.deployment.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Netlify's grammar: docs.netlify.com/routing/redirects, netlify/build redirect-parser. */
class RedirectsFileTest {
  private static List<RedirectRule> parse(String text) {
    return SiteRules.parse(text.getBytes(StandardCharsets.UTF_8), null).redirects();
  }

  private static RedirectRule one(String line) {
    return parse(line).getFirst();
  }

  private static List<RuleFault> faults(String text) {
    InvalidRulesException e = catchThrowableOfType(InvalidRulesException.class, () -> parse(text));
    assertThat(e).as(text).isNotNull();
    return e.faults();
  }

  @Nested
  class Lines {
    @Test
    void emptyLinesAndCommentsSayNothing() {
      assertThat(parse("\n# a comment\r\n   \n\t\n")).isEmpty();
      assertThat(parse("")).isEmpty();
    }

    @Test
    void whiteSpaceSeparatesAndACommentEndsALine() {
      assertThat(parse("\n  /a \t /b   302 # /c\r\n/d /e#f"))
          .containsExactly(
              new RedirectRule(
                  2, null, null, "/a", Map.of(), "/b", 302, false, false, List.of(), List.of(),
                  List.of(), List.of()),
              new RedirectRule(
                  3, null, null, "/d", Map.of(), "/e#f", 301, true, false, List.of(), List.of(),
                  List.of(), List.of()));
    }

    @Test
    void aStatusThatIsNotThereIsImplied() {
      assertThat(one("/a /b").impliedStatus()).isTrue();
      assertThat(one("/a /b !").impliedStatus()).isTrue();
      assertThat(one("/a /b 301").impliedStatus()).isFalse();
      assertThat(one("/a /b 301!").impliedStatus()).isFalse();
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstLine() {
      assertThat(one("\uFEFF/a /b").path()).isEqualTo("/a");
    }

    @Test
    void everyFaultIsNamedByItsLine() {
      assertThat(faults("/a\n/b /c\n/d /e 999\n"))
          .extracting(RuleFault::place)
          .containsExactly("_redirects:1", "_redirects:3");
    }

    @Test
    void noMoreFaultsAreListedThanAreOfUse() {
      assertThat(faults("/a\n".repeat(500))).hasSize(RuleLimits.FAULTS);
    }

    @Test
    void anythingButUtf8IsAFault() {
      byte[] latin = "/a /b\n/\u00fc /c".getBytes(StandardCharsets.ISO_8859_1);
      InvalidRulesException e =
          catchThrowableOfType(InvalidRulesException.class, () -> SiteRules.parse(latin, null));
      assertThat(e.faults())
          .containsExactly(new RuleFault("_redirects", 2, "the line is not UTF-8"));
    }

    @Test
    void limitsHold() {
      StringBuilder most = new StringBuilder();
      for (int i = 0; i < RuleLimits.REDIRECTS; i++) {
        most.append("/").append(i).append(" /x\n");
      }
      assertThat(parse(most.toString())).hasSize(10_000);
      assertThat(faults(most + "/more /x"))
          .containsExactly(new RuleFault("_redirects", 10_001, "more than 10000 rules"));
      String line = "/a /" + "b".repeat(RuleLimits.LINE - 4);
      assertThat(parse(line)).hasSize(1);
      assertThat(faults(line + "b").getFirst().reason()).contains("4096 characters");
      assertThat(parse("/x".repeat(32) + " /y")).hasSize(1);
      assertThat(faults("/x".repeat(33) + " /y").getFirst().reason()).contains("32 segments");
    }
  }

  @Nested
  class Statuses {
    @Test
    void theDefaultIs301() {
      assertThat(one("/a /b").status()).isEqualTo(301);
      assertThat(one("/a /b !").status()).isEqualTo(301);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 301, 302, 303, 307, 308, 404, 410})
    void areKept(int status) {
      assertThat(one("/a /b " + status).status()).isEqualTo(status);
      assertThat(one("/a /b " + status).force()).isFalse();
      assertThat(one("/a /b " + status + "!").force()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"/a /b 300", "/a /b 451", "/a /b 1234567890", "/a /b abc", "/a /b 301 302"})
    void othersAreFaults(String line) {
      assertThat(faults(line)).hasSize(1);
    }

    @Test
    void pagesForErrorsNeedNoDestination() {
      assertThat(one("/old/* 410").to()).isNull();
      assertThat(one("/old/* 404!").to()).isNull();
    }

    @Test
    void aForwardRuleLeadsToWhatWasAskedFor() {
      assertThat(one("/app/* 200").to()).isEqualTo("/app/:splat");
      assertThat(faults("/app 200").getFirst().reason()).contains("destination is missing");
      assertThat(faults("/app/* 301").getFirst().reason()).contains("destination is missing");
    }
  }

  @Nested
  class Paths {
    @Test
    void ofOneHost() {
      RedirectRule rule = one("https://Blog.example.com/* https://example.com/blog/:splat 301!");
      assertThat(rule.scheme()).isEqualTo("https");
      assertThat(rule.host()).isEqualTo("blog.example.com");
      assertThat(rule.path()).isEqualTo("/*");
      assertThat(rule.to()).isEqualTo("https://example.com/blog/:splat");
      assertThat(one("http://a.example https://b.example").path()).isEqualTo("/");
      assertThat(one("http://a.example https://b.example").to()).isEqualTo("https://b.example/");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "a /b",
          "/a*/b /c",
          "/a/*/b /c",
          "/a* /c",
          "/a//b /c",
          "//a /c",
          "/a/../b /c",
          "/%2e%2e/b /c",
          "/a%2fb /c",
          "/a%5cb /c",
          "/a%zz /c",
          "/a% /c",
          "/%ff /c",
          "/:1 /c",
          "/: /c",
          "/:a-b /c",
          "/:splat /c",
          "/:a/:a /c",
          "/a?b=c /d",
          "ftp://a.example/ /b",
          "https://a.example:8443/ /b",
          "https://:name.example/ /b",
          "https://user@a.example/ /b"
        })
    void thatCannotBe(String line) {
      assertThat(faults(line)).hasSize(1);
    }

    @Test
    void keepTheirEscapesAndOtherLetters() {
      assertThat(one("/caf%C3%A9/%3Aa /b").path()).isEqualTo("/caf%C3%A9/%3Aa");
      assertThat(one("/caf\u00e9 /b").path()).isEqualTo("/caf\u00e9");
    }
  }

  @Nested
  class Destinations {
    @ParameterizedTest
    @CsvSource({
      "/a/* /b/:splat, /b/:splat",
      "/a/:x /b?x=:x#:x, /b?x=:x#:x",
      "/a /\u00fc, /%C3%BC",
      "/a https://en.wikipedia.org/wiki/Help:Contents, https://en.wikipedia.org/wiki/Help:Contents",
      "/a https://a.example:8443/x?y, https://a.example:8443/x?y",
      "/a https://a.example?y, https://a.example/?y",
      "/a /b|c, /b%7Cc"
    })
    void areKeptAsTheyAreSent(String line, String to) {
      assertThat(one(line).to()).isEqualTo(to);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "/a",
          "/a b",
          "/a //evil.example",
          "/a /\\evil.example",
          "/a /b/../c",
          "/a /b/%2e%2e/c",
          "/a /b%zz",
          "/a /:x",
          "/a /:splat",
          "/a /b?x=:x",
          "/:x https://:x.example/",
          "/:x https://a.example:x/",
          "/* https://:splat",
          "/a https://user:pass@a.example/",
          "/a https://a.example:0/",
          "/a https://a.example:65536/",
          "/a https:///b",
          "/a ftp://a.example/",
          "/a https://a.example/ 404",
          "/a /b#c 200"
        })
    void thatCannotBe(String line) {
      assertThat(faults(line)).hasSize(1);
    }
  }

  @Nested
  class QueryParameters {
    @Test
    void areToBeThere() {
      RedirectRule rule = one("/store id=:id kind=a%20b empty= /blog/:id 301");
      assertThat(rule.query())
          .containsExactly(
              Map.entry("id", ":id"), Map.entry("kind", "a%20b"), Map.entry("empty", ""));
      assertThat(rule.to()).isEqualTo("/blog/:id");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "/a =b /c",
          "/a x /c",
          "/a x=1 x=2 /c",
          "/:x x=:x /c",
          "/a x=%zz /c",
          "/a x=:1 /c"
        })
    void thatCannotBe(String line) {
      assertThat(faults(line)).hasSize(1);
    }
  }

  @Nested
  class Conditions {
    @Test
    void onLanguageAndCookie() {
      RedirectRule rule = one("/ /fr 302 Language=fr,pt-BR cookie=a,b");
      assertThat(rule.languages()).containsExactly("fr", "pt-br");
      assertThat(rule.cookies()).containsExactly("a", "b");
    }

    @Test
    void onTheKindOfHost() {
      assertThat(one("/ /a 302 Context=production,preview context=alias:next-one").contexts())
          .containsExactly("production", "preview", "alias:next-one");
    }

    @Test
    void onGroups() {
      assertThat(one("/ /desk 200! Role=admin,R\u00e9daction role=x:y").roles())
          .containsExactly("admin", "R\u00e9daction", "x:y");
      assertThat(one("/ /desk 200! Cookie=a").roles()).isEmpty();
      String group = "g".repeat(128);
      assertThat(one("/ /desk 200 Role=" + group).roles()).containsExactly(group);
      assertThat(faults("/ /desk 200 Role=" + group + "g").getFirst().reason())
          .contains("is not the name of a group");
    }

    @ParameterizedTest
    @CsvSource({
      "/ /a 302 Country=us, nobody here knows",
      "/ /a 302 country=us, nobody here knows",
      "/ /a 302 Role=, is not the name of a group",
      "/ /a 302 Context=Preview, is not a context",
      "/ /a 302 Context=deploy-preview, is not a context",
      "/ /a 302 Context=alias:ab, is not a context",
      "/ /a 302 Context=alias:a--b, is not a context",
      "/ /a 302 Context=alias:, is not a context",
      "/ /a 200 Sign=KEY, not signed",
      "/ /a 302 Weather=fine, is not a condition",
      "/ /a 302 fine, is not a condition",
      "/ /a 302 Language=e_n, is not a language",
      "/ /a 302 Language=, is not a language",
      "/ /a 302 Cookie=a b=c, is not a condition",
      "/ /a 302 Cookie=, is not the name",
      "/ /a Language=fr, after the status"
    })
    void thatCannotBe(String line, String reason) {
      assertThat(faults(line).getFirst().reason()).contains(reason);
    }
  }
}
