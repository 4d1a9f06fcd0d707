package dev.portico.auth.pages;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The colour of buttons, and of links: these bent as far as it takes to be read on the pages' own
 * colours (WCAG 2.2, contrast 4.5 to 1). Pure.
 *
 * @param red 0 to 255
 * @param green 0 to 255
 * @param blue 0 to 255
 * @see <a href="https://www.w3.org/TR/WCAG22/#contrast-minimum">WCAG 2.2, 1.4.3</a>
 */
record Accent(int red, int green, int blue) {
  /** The colour where a site names none. */
  static final Accent DEFAULT = new Accent(0x1f, 0x5a, 0xd6);

  /** The darkest of the light colours that text stands on, as the style sheet has them. */
  private static final Accent LIGHT = new Accent(0xf4, 0xf5, 0xf7);

  /** The lightest of the dark colours that text stands on, as the style sheet has them. */
  private static final Accent DARK = new Accent(0x1c, 0x1f, 0x26);

  private static final Accent WHITE = new Accent(255, 255, 255);
  private static final Accent BLACK = new Accent(0, 0, 0);
  private static final double READABLE = 4.5;
  private static final Pattern FORM = Pattern.compile("#?([0-9a-fA-F]{6})");

  /** The colour of six hexadecimal digits, with or without a number sign; empty if it is none. */
  static Optional<Accent> of(String text) {
    var matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int rgb = Integer.parseInt(matcher.group(1), 16);
    return Optional.of(new Accent(rgb >> 16, rgb >> 8 & 0xff, rgb & 0xff));
  }

  /** Six hexadecimal digits. */
  String hex() {
    return String.format(Locale.ROOT, "%02x%02x%02x", red, green, blue);
  }

  /** A style sheet that sets the colours by which the pages' own one paints. */
  String styleSheet() {
    return ":root{"
        + properties(towards(BLACK, LIGHT))
        + "}\n@media (prefers-color-scheme:dark){:root{"
        + properties(towards(WHITE, DARK))
        + "}}\n";
  }

  private String properties(Accent link) {
    Accent on = contrast(WHITE) >= READABLE ? WHITE : BLACK;
    return "--accent:#" + hex() + ";--on-accent:#" + on.hex() + ";--link:#" + link.hex();
  }

  /** This colour, mixed with another one until it can be read on the ground. */
  private Accent towards(Accent end, Accent ground) {
    Accent mixed = this;
    for (int percent = 5; mixed.contrast(ground) < READABLE; percent += 5) {
      mixed = mix(end, percent);
    }
    return mixed;
  }

  private Accent mix(Accent other, int percent) {
    return new Accent(
        mix(red, other.red, percent),
        mix(green, other.green, percent),
        mix(blue, other.blue, percent));
  }

  private static int mix(int from, int to, int percent) {
    return from + (to - from) * percent / 100;
  }

  /** How much one stands out from the other, 1 to 21. */
  double contrast(Accent other) {
    double one = luminance();
    double two = other.luminance();
    return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
  }

  private double luminance() {
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  }

  private static double linear(int channel) {
    double value = channel / 255.0;
    return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
  }
}
