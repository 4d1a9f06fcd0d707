package dev.portico.auth.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class AccentTest {
  private static final Pattern RULE =
      Pattern.compile("--accent:#([0-9a-f]{6});--on-accent:#([0-9a-f]{6});--link:#([0-9a-f]{6})");

  @Test
  void contrastIsThatOfTheGuidelines() {
    var black = Accent.of("#000000").orElseThrow();
    var white = Accent.of("ffffff").orElseThrow();
    assertThat(black.contrast(white)).isEqualTo(21.0);
    assertThat(Accent.of("#777777").orElseThrow().contrast(white)).isBetween(4.47, 4.49);
  }

  @Test
  void whatIsNoColourIsNone() {
    for (String text : new String[] {"", "red", "#fff", "#12345", "#1234567", "#12345g", "}x{"}) {
      assertThat(Accent.of(text)).as(text).isEmpty();
    }
  }

  @Test
  void aColourThatCanBeReadStaysAsItIs() {
    assertThat(Accent.of("#0b5fff").orElseThrow().styleSheet())
        .startsWith(":root{--accent:#0b5fff;--on-accent:#ffffff;--link:#0b5fff}");
  }

  /** In both of the pages' dresses: links on the page, and the text of buttons. */
  @Test
  void anyColourCanBeRead() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      var colour = new Accent(random.nextInt(256), random.nextInt(256), random.nextInt(256));
      var rules = RULE.matcher(colour.styleSheet()).results().toList();
      assertThat(rules).hasSize(2);
      var grounds = new String[][] {{"#ffffff", "#f4f5f7"}, {"#1c1f26", "#111318"}};
      for (int dress = 0; dress < 2; dress++) {
        var accent = Accent.of(rules.get(dress).group(1)).orElseThrow();
        var on = Accent.of(rules.get(dress).group(2)).orElseThrow();
        assertThat(accent).isEqualTo(colour);
        assertThat(accent.contrast(on)).as(colour + ", seed " + seed).isGreaterThanOrEqualTo(4.5);
        var link = Accent.of(rules.get(dress).group(3)).orElseThrow();
        for (String ground : grounds[dress]) {
          assertThat(link.contrast(Accent.of(ground).orElseThrow()))
              .as(colour + " on " + ground + ", seed " + seed)
              .isGreaterThanOrEqualTo(4.5);
        }
      }
    }
  }
}
