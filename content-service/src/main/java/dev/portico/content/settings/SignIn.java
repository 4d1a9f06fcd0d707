package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the sign-in pages look when they are come to from this site.
 *
 * @param title the site's name there; null: its host
 * @param accent the colour of buttons and links, {@code #rrggbb}; null: Portico's own
 * @param logo path of an image on the site; null: none
 */
@Serdeable
public record SignIn(@Nullable String title, @Nullable String accent, @Nullable String logo) {
  static final SignIn NONE = new SignIn(null, null, null);

  private static final Pattern COLOUR = Pattern.compile("#[0-9a-fA-F]{6}");

  /** WCAG 2.2, success criterion 1.4.3: white text on it, or it on white. */
  private static final double LEAST_CONTRAST = 4.5;

  static SignIn read(Fields fields) {
    String title = fields.text("title");
    if (title != null
        && (title.isBlank()
            || title.codePointCount(0, title.length()) > Limits.SIGN_IN_TITLE
            || title.codePoints().anyMatch(Character::isISOControl))) {
      fields.fault("title", "must be 1 to " + Limits.SIGN_IN_TITLE + " characters on one line");
    }
    String accent = fields.text("accent");
    if (accent != null && !COLOUR.matcher(accent).matches()) {
      fields.fault("accent", "must be a colour such as #0b5fff");
    } else if (accent != null && contrastToWhite(accent) < LEAST_CONTRAST) {
      fields.fault("accent", "must have a contrast of at least 4.5 to white (WCAG 2.2, 1.4.3)");
    }
    String logo = fields.text("logo");
    if (logo != null
        && (logo.length() > Limits.SIGN_IN_LOGO
            || logo.startsWith("//")
            || !OriginReader.isPath(logo, false))) {
      fields.fault(
          "logo",
          "must be an encoded path on the site of at most "
              + Limits.SIGN_IN_LOGO
              + " characters that begins with one slash and has no dot segments and no query");
    }
    return new SignIn(title, accent, logo);
  }

  private static double contrastToWhite(String colour) {
    int rgb = Integer.parseInt(colour, 1, colour.length(), 16);
    double luminance =
        0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
    return 1.05 / (luminance + 0.05);
  }

  private static double linear(int channel) {
    double part = (channel & 0xff) / 255.0;
    return part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
  }
}
