package dev.portico.gateway.routing.rules;

import static dev.portico.gateway.routing.rules.RulesFixture.request;
import static dev.portico.gateway.routing.rules.RulesFixture.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.routing.Conventions;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Netlify's redirects (docs.netlify.com/routing/redirects), as docs/rules.md says them. */
class RedirectRulesTest {
  private static @Nullable RuleOutcome outcome(String line, String target, String... headers) {
    return rules(line).find(request(target, headers), false, Conventions.PORTICO).outcome();
  }

  private static String location(String line, String target) {
    RuleOutcome outcome = outcome(line, target);
    return outcome instanceof RuleOutcome.Redirect redirect
        ? redirect.status() + " " + redirect.location()
        : String.valueOf(outcome);
  }

  @Nested
  class Paths {
    @ParameterizedTest
    @CsvSource({
      "/a /b 301, /a, 301 /b",
      "/a /b 302, /a/, 302 /b",
      "/a/ /b 301, /a, 301 /b",
      "/ /b 301, /, 301 /b",
      "/a /b 301, /A, null",
      "/a /b 301, /a/c, null",
      "/caf%C3%A9 /b 301, /café, 301 /b",
      "/%3Aa /b 301, /:a, 301 /b",
      "/:x /b/:x 301, /c, 301 /b/c",
      "/:x /b/:x 301, /, null",
      "/:x/y/:z /:z/:x 308, /1/y/2, 308 /2/1",
      "/:x/y/:z /:z/:x 308, /1/n/2, null",
      "/n/* /b/:splat 301, /n/1/2/, 301 /b/1/2/",
      "/n/* /b/:splat 301, /n, 301 /b/",
      "/n/* /b/:splat 301, /n/, 301 /b/",
      "/n/* /b/:splat 301, /no, null",
      "/:x/* /:splat/of/:x 301, /a/b/c, 301 /b/c/of/a",
      "/a /b:c#d 301, /a, 301 /b:c#d",
      "/:id /x/:idx/:id 301, /7, 301 /x/:idx/7"
    })
    void areMatched(String line, String target, String expected) {
      assertThat(location(line, target)).isEqualTo(expected);
    }

    @Test
    void theFirstThatHoldsCountsWhateverItsKind() {
      RedirectRules rules =
          rules("/a/:x /1 301", "/a/b /2 301", "/a/* /3 301", "/* /4 301", "/c /5 301");
      assertThat(rules.find(request("/a/b"), false, Conventions.PORTICO).line()).isEqualTo(1);
      assertThat(rules.find(request("/a/b/c"), false, Conventions.PORTICO).line()).isEqualTo(3);
      assertThat(rules.find(request("/c"), false, Conventions.PORTICO).line()).isEqualTo(4);
    }

    @Test
    void aFileIsStrongerThanARuleWithoutForce() {
      RedirectRules rules = rules("/a /1 301", "/* /2 302!");
      assertThat(rules.find(request("/a"), false, Conventions.PORTICO).line()).isEqualTo(1);
      assertThat(rules.find(request("/a"), true, Conventions.PORTICO).line()).isEqualTo(2);
    }

    @Test
    void byCloudflaresConventionsARuleIsStrongerThanAFileAnd302() {
      RedirectRules rules = rules("/a /1", "/b /2 301", "/c /index.html 200");
      Conventions pages = Conventions.CLOUDFLARE_PAGES;
      assertThat(rules.find(request("/a"), true, pages).outcome())
          .isEqualTo(new RuleOutcome.Redirect(302, "/1"));
      assertThat(rules.find(request("/b"), true, pages).outcome())
          .isEqualTo(new RuleOutcome.Redirect(301, "/2"));
      assertThat(rules.find(request("/c"), true, pages).outcome())
          .isEqualTo(new RuleOutcome.Rewrite("/index.html"));
      assertThat(rules.find(request("/a"), true, Conventions.PORTICO).outcome()).isNull();
      assertThat(rules.find(request("/a"), false, Conventions.PORTICO).outcome())
          .isEqualTo(new RuleOutcome.Redirect(301, "/1"));
    }

    @Test
    void rulesOfAHostHoldThereOnly() {
      RedirectRules rules =
          rules(
              "http://docs.example.com/* https://docs.example.com/:splat 301!",
              "https://old.example.com/* https://docs.example.com/:splat 301!",
              "https://docs.example.com/a /b 302",
              "/a /c 302");
      assertThat(rules.find(request("/a"), false, Conventions.PORTICO).line()).isEqualTo(3);
      assertThat(rules.find(request("/x"), false, Conventions.PORTICO)).isEqualTo(RuleAnswer.NONE);
    }
  }

  @Nested
  class Queries {
    @ParameterizedTest
    @CsvSource({
      "/a /b 301, /a?x=1&y, 301 /b?x=1&y",
      "/a /b?z=2 301, /a?x=1, 301 /b?z=2",
      "/a /b#c 301, /a?x=1, 301 /b?x=1#c",
      "/a https://other.example/ 302, /a?x=1, 302 https://other.example/?x=1",
      "/s id=:id /p/:id 301, /s?id=7, 301 /p/7",
      "/s id=:id /p/:id 301, /s?other=1&id=7, 301 /p/7?other=1",
      "/s id=:id /p/:id 301, /s, null",
      "/s id=7 /p 301, /s?id=7, 301 /p",
      "/s id=7 /p 301, /s?id=8, null",
      "/s id=7 k=:k /p/:k 301, /s?k=a%2Fb&id=7, 301 /p/a%2Fb",
      "/s q=a+b /p 301, /s?q=a%20b, 301 /p",
      "/s id=:id /p?i=:id 301, /s?id=a%26b%3Dc, 301 /p?i=a%26b%3Dc"
    })
    void areMatchedAndPassedOn(String line, String target, String expected) {
      assertThat(location(line, target)).isEqualTo(expected);
    }
  }

  @Nested
  class Conditions {
    @ParameterizedTest
    @CsvSource(
        delimiter = ';',
        value = {
          "fr; 301 /f",
          "fr-CA, en; 301 /f",
          "'en, fr;q=0.9'; null",
          "'en;q=0.5, fr'; 301 /f",
          "'en;q=0, fr;q=0.1'; 301 /f",
          "frr; null",
          "*; null",
          "''; null"
        })
    void onLanguage(String header, String expected) {
      RuleAnswer answer =
          rules("/ /f 301 Language=fr")
              .find(request("/", "Accept-Language", header), false, Conventions.PORTICO);
      String location =
          answer.outcome() instanceof RuleOutcome.Redirect redirect
              ? redirect.status() + " " + redirect.location()
              : "null";
      assertThat(location).isEqualTo(expected);
      assertThat(answer.byLanguage()).isTrue();
      assertThat(answer.byCookie()).isFalse();
    }

    @Test
    void onCookies() {
      RedirectRules rules = rules("/ /f 301 Cookie=beta,staff");
      assertThat(
              rules.find(request("/", "Cookie", "a=1; staff=x"), false, Conventions.PORTICO).line())
          .isEqualTo(1);
      RuleAnswer without =
          rules.find(request("/", "Cookie", "a=staff; x-staff=1"), false, Conventions.PORTICO);
      assertThat(without).isEqualTo(new RuleAnswer(null, 0, false, true, false));
    }

    @Test
    void onTheGroupsOfTheViewer() {
      RedirectRules rules = rules("/ /f 301 Role=admin,staff", "/ /g 302");
      RedirectRequest request = request("/");
      RuleAnswer member =
          rules.find(request.with(Set.of("staff", "x")), false, Conventions.PORTICO);
      assertThat(member)
          .isEqualTo(new RuleAnswer(new RuleOutcome.Redirect(301, "/f"), 1, false, false, true));
      RuleAnswer other = rules.find(request.with(Set.of("Staff")), false, Conventions.PORTICO);
      assertThat(other)
          .as("answers are the viewer's own, whether the condition held or not")
          .isEqualTo(new RuleAnswer(new RuleOutcome.Redirect(302, "/g"), 2, false, false, true));
    }

    @Test
    void onTheKindOfHost() {
      RedirectRules rules =
          rules(
              "/ /a 302 Context=alias:next",
              "/ /b 302 Context=preview",
              "/ /c 302 Context=production");
      assertThat(rules.find(request("/"), false, Conventions.PORTICO).line()).isEqualTo(3);
      assertThat(rules.find(at("preview"), false, Conventions.PORTICO).line()).isEqualTo(2);
      assertThat(rules.find(at("preview", "alias:next"), false, Conventions.PORTICO).line())
          .isEqualTo(1);
      assertThat(rules.find(at("preview", "alias:other"), false, Conventions.PORTICO).line())
          .isEqualTo(2);
    }

    private static RedirectRequest at(String... contexts) {
      RedirectRequest live = request("/");
      return new RedirectRequest(
          live.scheme(),
          live.host(),
          live.authority(),
          live.path(),
          live.query(),
          live.headers(),
          Set.of(contexts),
          null);
    }

    @Test
    void askForTheGroupsOnlyWhereAllElseHolds() {
      RedirectRules rules =
          rules("/ a=1 /f 301 Role=a", "/ /g 301 Language=fr Role=a", "/x /h 301 Role=a");
      assertThat(rules.find(request("/"), false, Conventions.PORTICO))
          .isEqualTo(new RuleAnswer(null, 0, true, false, false));
      assertThat(rules.find(request("/x"), true, Conventions.PORTICO)).isEqualTo(RuleAnswer.NONE);
      for (RedirectRequest asks :
          List.of(request("/?a=1"), request("/", "Accept-Language", "fr"), request("/x"))) {
        assertThat(rules.find(asks, false, Conventions.PORTICO).outcome())
            .isEqualTo(new RuleOutcome.AskGroups());
      }
    }

    @Test
    void areNotLookedAtWhereTheRuleIsOutOfTheQuestion() {
      RedirectRules rules = rules("/ a=1 /f 301 Language=fr", "/x /g 301 Cookie=a");
      assertThat(rules.find(request("/"), false, Conventions.PORTICO)).isEqualTo(RuleAnswer.NONE);
      assertThat(rules.find(request("/x"), true, Conventions.PORTICO)).isEqualTo(RuleAnswer.NONE);
    }
  }

  @Nested
  class Outcomes {
    @Test
    void anotherFile() {
      assertThat(outcome("/app/* /index.html 200", "/app/x?y"))
          .isEqualTo(new RuleOutcome.Rewrite("/index.html"));
      assertThat(outcome("/:x /f/:x?y=1 200", "/a b")).isEqualTo(new RuleOutcome.Rewrite("/f/a b"));
    }

    @Test
    void pagesForErrors() {
      assertThat(outcome("/en/* /en/404.html 404", "/en/x"))
          .isEqualTo(new RuleOutcome.Absent(404, "/en/404.html"));
      assertThat(outcome("/old/* 410", "/old/x")).isEqualTo(new RuleOutcome.Absent(410, null));
    }

    @Test
    void anotherServer() {
      assertThat(outcome("/api/* https://API.example.com/v1/:splat 200", "/api/a b?x=1"))
          .isEqualTo(new RuleOutcome.Proxy(true, "api.example.com", 443, "/v1/a%20b", "x=1"));
      assertThat(outcome("/p id=:id http://a.example:8080/:id?k=1 200", "/p?id=7"))
          .isEqualTo(new RuleOutcome.Proxy(false, "a.example", 8080, "/7", "k=1"));
      assertThat(outcome("/p id=:id http://a.example/x/:id/y 200", "/p?id=..")).isNull();
    }
  }

  @Nested
  class Safety {
    @ParameterizedTest
    @CsvSource({
      "/* /:splat 301, //evil.example, 301 /evil.example",
      "/* /:splat 301, ///evil.example/x, 301 /evil.example/x",
      "/r/* /:splat 301, /r//evil.example, 301 /evil.example",
      "/r to=:to /:to 301, /r?to=%2Fevil.example, 301 /%2Fevil.example",
      "/r to=:to /:to 301, /r?to=%0d%0aSet-Cookie:x, 301 /%0D%0ASet-Cookie:x",
      "/r to=:to /:to 301, /r?to=%5Cevil.example, 301 /%5Cevil.example",
      "/r to=:to /x?u=:to 301, /r?to=a%23b, 301 /x?u=a%23b",
      "/r /x 301, /r?a=%0d%0ab, 301 /x?a=%0d%0ab"
    })
    void nothingThatIsPutInLeavesItsPlace(String line, String target, String expected) {
      assertThat(location(line, target)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..%2F..%2Fadmin", "a%2Fb", "a%5Cb", "a%00b", "a%0Ab", "a%7Fb"})
    void whatStandsInAPathIsOneSegmentForWhoeverDecodesItToo(String value) {
      for (String to : List.of("http://a.example/x/:id 200", "/x/:id 200", "/x/:id 404")) {
        assertThat(outcome("/p id=:id " + to, "/p?id=" + value)).isNull();
      }
      assertThat(outcome("/p id=:id http://a.example/x?k=:id 200", "/p?id=a%2Fb"))
          .isEqualTo(new RuleOutcome.Proxy(false, "a.example", 80, "/x", "k=a/b"));
    }

    @Test
    void noLocationIsTooLong() {
      String most = "x".repeat(Template.LONGEST - "/t/".length());
      assertThat(location("/f/* /t/:splat 301", "/f/" + most)).isEqualTo("301 /t/" + most);
      for (String longer : List.of("/f/x" + most, "/f/" + most + "?q")) {
        assertThat(outcome("/f/* /t/:splat 301", longer)).isNull();
      }
      assertThat(outcome("/f/* /t/:splat/:splat 200", "/f/" + most)).isNull();
    }

    @Test
    void onlySoManyLanguagesAreLookedAt() {
      String others = "en;q=0.1,".repeat(RequestFacts.MOST_LANGUAGES - 1);
      assertThat(RequestFacts.preferred(others + "fr")).isEqualTo("fr");
      assertThat(RequestFacts.preferred(others + "en;q=0.1,fr")).isEqualTo("en");
    }

    @ParameterizedTest
    @CsvSource({
      "/a /a/ 301, /a",
      "/a/ /a 301, /a/",
      "/* /:splat 301!, /x/y",
      "/a /a?x=1 301, /a?x=1",
      "/* https://docs.example.com/:splat 301!, /x?y=1"
    })
    void aRuleThatLeadsToItselfIsPassedOver(String line, String target) {
      RedirectRules rules = rules(line, "/* /next 302!");
      assertThat(rules.find(request(target), false, Conventions.PORTICO).line()).isEqualTo(2);
    }
  }

  @Test
  void thousandsOfRulesForOnePathAreFoundByTheirParameter() {
    String[] lines = new String[10_000];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = "/index.php id=" + i + " /page/" + i + " 301";
    }
    RedirectRules rules = rules(lines);
    assertThat(rules.find(request("/index.php?id=9999"), false, Conventions.PORTICO).line())
        .isEqualTo(10_000);
    assertThat(rules.find(request("/index.php?id=x"), false, Conventions.PORTICO))
        .isEqualTo(RuleAnswer.NONE);
    assertThat(rules.footprint()).isGreaterThan(10_000_000);
  }

  /** What a request costs: 10,000 rules of every kind, of which its own are looked at. */
  @Test
  void ofTenThousandRulesOnlyThoseForThePathAreLookedAt() {
    String[] lines = new String[10_000];
    for (int i = 0; i < lines.length; i++) {
      lines[i] =
          switch (i % 5) {
            case 0 -> "/exact/" + i + " /to 301";
            case 1 -> "/folder" + i + "/* /to/:splat 301";
            case 2 -> "/any/:x/" + i + " /to/:x 301";
            case 3 -> "https://h" + i + ".example/* /to/:splat 301";
            default -> "/index.php id=" + i + " /to 301";
          };
    }
    RedirectRules rules = rules(lines);
    for (String target :
        new String[] {
          "/exact/5000", "/folder5001/a/b", "/any/x/5002", "/index.php?id=5004", "/none", "/"
        }) {
      RedirectRequest request = request(target);
      assertThat(rules.candidates(request, new RequestFacts(request)).size())
          .as(target)
          .isLessThanOrEqualTo(1);
    }
    assertThat(rules.find(request("/any/x/5002"), false, Conventions.PORTICO).line())
        .isEqualTo(5003);
  }
}
