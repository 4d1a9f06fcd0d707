package dev.portico.content.deployment.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portico.content.deployment.rules.HeaderRule.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Netlify's grammar (netlify/build headers-parser) with what Cloudflare Pages adds (headers.mdx):
 * hosts and {@code ! Name}.
 */
class HeadersFileTest {
  private static List<HeaderRule> parse(String text) {
    return SiteRules.parse(null, text.getBytes(StandardCharsets.UTF_8)).headers();
  }

  private static List<RuleFault> faults(String text) {
    InvalidRulesException e = catchThrowableOfType(InvalidRulesException.class, () -> parse(text));
    assertThat(e).as(text).isNotNull();
    return e.faults();
  }

  @Test
  void fieldsStandUnderTheirPath() {
    assertThat(
            parse(
                """
                # comment
                /*
                  X-Frame-Options: DENY
                X-Indent:not needed
                  # another
                /assets/*
                  ! X-Frame-Options
                  Cache-Control: public, max-age=31536000 # no comment
                """))
        .containsExactly(
            new HeaderRule(
                2,
                null,
                "/*",
                List.of(new Field("X-Frame-Options", "DENY"), new Field("X-Indent", "not needed"))),
            new HeaderRule(
                6,
                null,
                "/assets/*",
                List.of(
                    new Field("X-Frame-Options", null),
                    new Field("Cache-Control", "public, max-age=31536000 # no comment"))));
  }

  @Test
  void aNameThatIsThereTwiceBecomesOneField() {
    assertThat(parse("/\nLink: </a>\nLINK: </b>").getFirst().fields())
        .containsExactly(new Field("Link", "</a>, </b>"));
    assertThat(parse("/\nX-A: 1\n! x-a").getFirst().fields())
        .containsExactly(new Field("x-a", null));
    assertThat(parse("/\n! X-A\nX-A: 1").getFirst().fields())
        .as("what rules before have set goes first")
        .containsExactly(new Field("X-A", null), new Field("X-A", "1"));
    assertThat(parse("/\n! X-A\nX-B: 0\nx-a: 1\nX-A: 2").getFirst().fields())
        .containsExactly(new Field("X-A", null), new Field("x-a", "1, 2"), new Field("X-B", "0"));
    assertThat(parse("/\n! X-A\nX-A: 1\n! X-A").getFirst().fields())
        .containsExactly(new Field("X-A", null));
  }

  @Test
  void aPathWithoutFieldsSaysNothing() {
    assertThat(parse("/a\n/b\nX-B: 1\n/c")).extracting(HeaderRule::path).containsExactly("/b");
  }

  @Test
  void aRuleCanBeForOneHost() {
    HeaderRule rule = parse("https://Preview.example.com/a/*\nX-A: 1").getFirst();
    assertThat(rule.host()).isEqualTo("preview.example.com");
    assertThat(rule.path()).isEqualTo("/a/*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/*", "/*.js", "/a/*/b", "/a/:x/b", "/:x/:y", "/a/x*y/:z", "/", "/a/"})
  void pathsMayBe(String path) {
    assertThat(parse(path + "\nX-A: 1").getFirst().path()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/*/*",
        "/a?b",
        "/a#b",
        "/a//b",
        "/a b",
        "/../a",
        "/:1",
        "/:a/:a",
        "/%zz",
        "/a%2fb",
        "https://:x.example/",
        "https://a.example:8443/"
      })
  void pathsCannotBe(String path) {
    assertThat(faults(path + "\nX-A: 1")).extracting(RuleFault::line).containsExactly(1);
  }

  @ParameterizedTest
  @CsvSource({
    "X-A: 1, stands before any path",
    "! X-A, stands before any path",
    "hello, is neither a path"
  })
  void fieldsNeedAPath(String line, String reason) {
    assertThat(faults(line).getFirst().reason()).contains(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "X-A:, no value",
    "X-A, is neither a path",
    "X A: 1, not the name",
    ": 1, not the name",
    "X-A: \u00fc, not ASCII",
    "Content-Length: 3, where the message ends",
    "Transfer-Encoding: chunked, where the message ends",
    "content-encoding: gzip, where the message ends",
    "Connection: close, one connection",
    "ETag: x, which the gateway knows",
    "Location: /, another kind of answer",
    "Set-Cookie: a=b, same cookie",
    "Basic-Auth: a:b, an access policy",
    "Portico-X: 1, reserved",
    "Proxy-Authenticate: 1, reserved",
    "! Vary, cannot be removed",
    "! Set-Cookie, same cookie"
  })
  void fieldsCannotBe(String line, String reason) {
    assertThat(faults("/\n" + line))
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.place()).isEqualTo("_headers:2");
              assertThat(fault.reason()).contains(reason);
            });
  }

  @Test
  void limitsHold() {
    StringBuilder most = new StringBuilder();
    for (int i = 0; i < RuleLimits.HEADERS; i++) {
      most.append("/").append(i).append("\nX-A: 1\n");
    }
    assertThat(parse(most.toString())).hasSize(1000);
    assertThat(faults(most + "/more\nX-A: 1\n/x\nX-B: 2").getFirst().reason())
        .isEqualTo("more than 1000 rules");
    String line = "X-A: " + "a".repeat(4_096 - "X-A: ".length());
    assertThat(parse("/\n" + line)).hasSize(1);
    assertThat(faults("/\n" + line + "a"))
        .containsExactly(new RuleFault("_headers", 2, "the line has more than 4096 characters"));
    String path = "/x".repeat(32);
    assertThat(parse(path + "\nX-A: 1")).hasSize(1);
    assertThat(faults(path + "/x\nX-A: 1"))
        .containsExactly(new RuleFault("_headers", 1, "the path has more than 32 segments"));
  }

  @Test
  void placeholdersOfAFieldAreBounded() {
    String most = "/:x/*\nX-A: :x:x:x:x :other\nX-A: " + ":splat".repeat(4);
    assertThat(parse(most)).hasSize(1);
    assertThat(faults(most + ":x"))
        .singleElement()
        .extracting(RuleFault::toString)
        .asString()
        .contains("X-A has more than 8 placeholders");
    assertThat(faults(most + "\nX-A: :x").getFirst().place()).isEqualTo("_headers:4");
  }

  @Test
  void charactersOfFieldsAreBounded() {
    String half = "X-A: " + "a".repeat(4_000) + "\n";
    assertThat(parse("/\n" + half + half)).hasSize(1);
    RuleFault field = faults("/\n" + half + half + half).getFirst();
    assertThat(field.place()).isEqualTo("_headers:4");
    assertThat(field.reason()).isEqualTo("X-A has more than 8192 characters");
    String full = half + half + half.replace("X-A", "X-B") + half.replace("X-A", "X-B");
    String more = half.replace("X-A", "X-C");
    assertThat(parse("/\n" + full + more)).hasSize(1);
    RuleFault rule = faults("/\n" + full + more + more).getFirst();
    assertThat(rule.place()).isEqualTo("_headers:7");
    assertThat(rule.reason()).contains("more than 20480 characters");
    assertThat(parse("/\n" + full + "! X-B\n" + more + more)).as("removed").hasSize(1);
    assertThat(parse("/\n" + full + "/b\n" + full)).as("of each rule").hasSize(2);
  }

  @Test
  void faultsOfBothFilesAreToldTogether() {
    InvalidRulesException e =
        catchThrowableOfType(
            InvalidRulesException.class,
            () ->
                SiteRules.parse(
                    "/a".getBytes(StandardCharsets.UTF_8), "x".getBytes(StandardCharsets.UTF_8)));
    assertThat(e.faults())
        .extracting(RuleFault::place)
        .containsExactly("_redirects:1", "_headers:1");
  }
}
