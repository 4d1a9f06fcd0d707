package dev.portico.content.deployment.csp;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a style sheet loads (CSS Values 4, section 4.5; CSS Fonts 4, section 4.3). It is searched,
 * not parsed: what stands in a comment counts as well, which allows a little more. No expression
 * here goes back over what it has read: style sheets are other people's.
 */
final class StyleText {
  private static final Pattern FONT_FACE =
      Pattern.compile("@font-face\\s*+\\{([^{}]*+)}", Pattern.CASE_INSENSITIVE);
  private static final Pattern IMPORT =
      Pattern.compile(
          "@import\\s++(?:url\\(\\s*+)?['\"]?([^'\"()\\s;]++)", Pattern.CASE_INSENSITIVE);
  private static final Pattern URL =
      Pattern.compile(
          "url\\(\\s*+(?:\"([^\"\\n]*+)\"|'([^'\\n]*+)'|([^'\"()\\s]++))\\s*+\\)",
          Pattern.CASE_INSENSITIVE);

  private StyleText() {}

  /** Notes what it needs. */
  static void scan(String css, String path, PolicyBuilder into) {
    if (css.indexOf('(') < 0 && css.indexOf('@') < 0) {
      return;
    }
    Matcher fonts = FONT_FACE.matcher(css);
    while (fonts.find()) {
      urls(fonts.group(1), Directive.FONT, path, into);
    }
    String others = FONT_FACE.matcher(css).replaceAll("");
    Matcher imports = IMPORT.matcher(others);
    while (imports.find()) {
      into.load(Directive.STYLE, imports.group(1), Source.SELF, path);
    }
    urls(IMPORT.matcher(others).replaceAll(""), Directive.IMAGE, path, into);
  }

  private static void urls(String css, Directive directive, String path, PolicyBuilder into) {
    Matcher urls = URL.matcher(css);
    while (urls.find()) {
      for (int group = 1; group <= 3; group++) {
        String url = urls.group(group);
        if (url != null) {
          into.load(directive, url, Source.SELF, path);
        }
      }
    }
  }
}
