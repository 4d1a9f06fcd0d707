package dev.portico.gateway.routing.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.routing.rules.FieldEdits.Edit;
import dev.portico.gateway.routing.rules.HeaderRule.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Netlify's matching (netlify/build headers-parser, for_regexp) with what Cloudflare Pages adds
 * (headers.mdx).
 */
class HeaderRulesTest {
  private static final String HOST = "docs.example.com";

  /** Path, name, value in turn; no value: the field is removed. */
  private static HeaderRules rules(@Nullable String... texts) {
    List<HeaderRule> rules = new ArrayList<>();
    for (int i = 0; i < texts.length; i += 3) {
      Field field = new Field(String.valueOf(texts[i + 1]), texts[i + 2]);
      rules.add(new HeaderRule(i + 1, null, String.valueOf(texts[i]), List.of(field)));
    }
    return HeaderRules.of(rules);
  }

  private static List<Edit> edits(HeaderRules rules, String path) {
    return rules.edits(HOST, path).edits();
  }

  @Test
  void thoseThatHoldAreToldInTheirOrder() {
    HeaderRules rules = rules("/*", "X-A", "a", "/b", "X-A", "b", "/a/*", "X-B", null);
    assertThat(rules.matching(HOST, "/a/b")).extracting(HeaderRule::line).containsExactly(1, 7);
    assertThat(rules.matching(HOST, "/B/")).extracting(HeaderRule::line).containsExactly(1, 4);
    assertThat(HeaderRules.NONE.matching(HOST, "/")).isEmpty();
  }

  @Test
  void whatIsTooLongIsLeftOut() {
    String part = "x".repeat(Template.LONGEST / 2);
    HeaderRules rules = rules("/:a/*", "X-A", ":a", "/:a/*", "X-A", ":splat", "/*", "X-B", "b");
    String fits = part.substring(", ".length());
    assertThat(edits(rules, '/' + part + '/' + fits))
        .containsExactly(new Edit("X-A", part + ", " + fits), new Edit("X-B", "b"));
    assertThat(edits(rules, '/' + part + '/' + part))
        .containsExactly(new Edit("X-A", part), new Edit("X-B", "b"));
    assertThat(edits(rules("/:a", "X-A", ":a", "/*", "X-B", "b"), '/' + part + part + 'x'))
        .containsExactly(new Edit("X-B", "b"));
  }

  @ParameterizedTest
  @CsvSource({
    "/, /, true",
    "/, /a, false",
    "/a, /a, true",
    "/a, /A/, true",
    "/A/, /a, true",
    "/a, /ab, false",
    "/a, /a/b, false",
    "/*, /, true",
    "/*, /a/b/, true",
    "/a/*, /a, true",
    "/a/*, /A/, true",
    "/a/*, /a/b/c, true",
    "/a/*, /ab, false",
    "/*.js, /x.js, true",
    "/*.js, /d/x.JS, true",
    "/*.js, /d/x.js/, true",
    "/*.js, /x.json, false",
    "/a*, /abc/d, true",
    "/a*, /b, false",
    "/a/*/b, /a/b, true",
    "/a/*/b, /a/1/2/b, true",
    "/a/*/b, /a/1/2/c, false",
    "/a/*/b, /a/xb, false",
    "/a/x*y/b, /a/x1/2y/b, true",
    "/a/x*y/b, /a/xb, false",
    "/:x, /a, true",
    "/:x, /, false",
    "/:x, /a/b, false",
    "/a/:x/b, /a/1/b/, true",
    "/a/:x/b, /a//b, false",
    "/*/:x, /a/b, true",
    "/*/:x, /b, true",
    "/*/:x, /, false",
    "/caf%C3%A9, /CAFÉ, true",
    "/İ/:x, /i/a, true",
    "/ı/*, /I/a, true",
    "/a/:x/*, /A/b/, true",
    "/a/:x/*, /a, false",
    "/a/:x/*, /a//b, false",
    "/a/*, /a//b, true",
    "/*, //, true"
  })
  void patternsMatch(String pattern, String path, boolean expected) {
    assertThat(!edits(rules(pattern, "X-A", "1"), path).isEmpty()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "/blog/*, </:splat>, /blog/a/b, </a/b>",
    "/blog/*, </:splat>, /blog, </>",
    "/*.pdf, :splat, /d/x.pdf, d/x",
    "/:year/:page, :page of :year, /2026/x, x of 2026",
    "/:x, :x, '/a b', a%20b",
    "/:x, :x, '/ü', %C3%BC",
    "/:x, a:b :x :y, /1, a:b 1 :y"
  })
  void valuesTakeWhatStandsInThePath(String pattern, String value, String path, String expected) {
    String actual = edits(rules(pattern, "X-A", value), path).getFirst().value();
    // A star that is part of a segment begins after the slash that is in the text before it.
    assertThat(actual).isEqualTo(expected);
  }

  @Test
  void allThatMatchCountInOrder() {
    HeaderRules rules =
        rules(
            "/*", "X-A", "1", "/a/*", "x-a", "2", "/b/*", "X-A", "3", "/a/b", "X-B", "4", "/*/b",
            "X-B", null, "/a/:x", "X-C", null, "/a/b", "X-C", "5");
    assertThat(edits(rules, "/a/b"))
        .containsExactly(new Edit("X-A", "1, 2"), new Edit("X-B", null), new Edit("X-C", "5"));
    assertThat(edits(rules, "/c")).containsExactly(new Edit("X-A", "1"));
  }

  @Test
  void aRuleCanRemoveWhatRulesBeforeHaveSetAndSetItself() {
    List<Field> anew = List.of(new Field("X-A", null), new Field("x-a", "2"));
    HeaderRules rules =
        HeaderRules.of(
            List.of(
                new HeaderRule(1, null, "/a/*", List.of(new Field("X-A", "1"))),
                new HeaderRule(3, null, "/*/b", anew),
                new HeaderRule(6, null, "/c/*", List.of(new Field("X-A", "3")))));
    assertThat(edits(rules, "/a/b")).containsExactly(new Edit("x-a", "2"));
    assertThat(edits(rules, "/b")).as("alone").containsExactly(new Edit("x-a", "2"));
    assertThat(edits(rules, "/c/b")).as("and more").containsExactly(new Edit("x-a", "2, 3"));
  }

  @Test
  void rulesOfAHostHoldThereOnly() {
    HeaderRules rules =
        HeaderRules.of(
            List.of(
                new HeaderRule(1, "other.example", "/*", List.of(new Field("X-A", "1"))),
                new HeaderRule(3, HOST, "/*", List.of(new Field("X-A", "2")))));
    assertThat(edits(rules, "/")).containsExactly(new Edit("X-A", "2"));
  }

  /** What a request costs: the most rules of every kind, of which its own are looked at. */
  @Test
  void ofAThousandRulesOnlyThoseForThePathAreLookedAt() {
    List<HeaderRule> all = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      String path =
          switch (i % 6) {
            case 0 -> "/docs/x" + i + "/*";
            case 1 -> "/docs/x" + i + "/:page";
            case 2 -> "/docs/:any/x" + i + "/*.js";
            case 3 -> "/docs/x" + i;
            case 4 -> "/docs/x" + i + "/*/y" + i;
            default -> "/*";
          };
      String host = i % 6 == 5 ? "h" + i + ".example" : null;
      all.add(new HeaderRule(i + 1, host, path, List.of(new Field("X-A", "1"))));
    }
    HeaderRules rules = HeaderRules.of(all);
    for (String path :
        List.of(
            "/docs/X600/a/b",
            "/docs/x601/a",
            "/docs/q/x602/a.js",
            "/docs/x603",
            "/docs/x604/y604",
            "/docs/x604/",
            "/docs",
            "/",
            "/docs/x1/x2/x3")) {
      assertThat(rules.candidates(HOST, path).size()).as(path).isLessThanOrEqualTo(1);
    }
    assertThat(rules.matching(HOST, "/docs/X600/a/b"))
        .extracting(HeaderRule::line)
        .containsExactly(601);
    assertThat(rules.matching(HOST, "/docs/q/x602/a.js"))
        .extracting(HeaderRule::line)
        .containsExactly(603);
    assertThat(rules.matching("h5.example", "/any")).hasSize(1);
  }

  /** The index leaves out no rule: each alone, compared in its order, comes to the same. */
  @RepeatedTest(20)
  void findsWhatReadingAllOfThemFinds() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<HeaderRule> all = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      String host = random.nextInt(5) == 0 ? HOST : null;
      all.add(new HeaderRule(i, host, pattern(random), List.of(new Field("X-" + i, "1"))));
    }
    HeaderRules compiled = HeaderRules.of(all);
    for (int i = 0; i < 200; i++) {
      String path = somePath(random);
      List<HeaderRule> expected =
          all.stream().filter(each -> new HeaderPattern(each.path()).matches(path)).toList();
      assertThat(compiled.matching(HOST, path))
          .as("seed %s: %s among %s", seed, path, all)
          .isEqualTo(expected);
    }
  }

  private static String somePath(Random random) {
    StringBuilder path = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      path.append('/').append(List.of("a", "B", "ab", "c.js", "").get(random.nextInt(5)));
    }
    return path.isEmpty() || random.nextInt(4) == 0 ? path.append('/').toString() : path.toString();
  }

  private static String pattern(Random random) {
    StringBuilder path = new StringBuilder();
    int segments = random.nextInt(4);
    int star = random.nextInt(4);
    for (int i = 0; i < segments; i++) {
      String any = List.of("*", "a*", "*.js").get(random.nextInt(3));
      String other = List.of("A", "b", "ab", "c.js", ":p" + i).get(random.nextInt(5));
      path.append('/').append(i == star ? any : other);
    }
    return path.isEmpty() || random.nextInt(4) == 0 ? path.append('/').toString() : path.toString();
  }

  @Test
  void whatIsFixedIsMadeOnce() {
    HeaderRules rules = rules("/*", "X-A", "1", "/a", "X-B", ":splat");
    assertThat(rules.edits(HOST, "/x")).isSameAs(rules.edits(HOST, "/y"));
    assertThat(HeaderRules.NONE.edits(HOST, "/")).isSameAs(FieldEdits.NONE);
  }
}
