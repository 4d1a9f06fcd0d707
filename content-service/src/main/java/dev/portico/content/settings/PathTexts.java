package dev.portico.content.settings;

import dev.portico.content.error.Problem;
import java.util.regex.Pattern;

/** The rules of settings for texts that lead to paths, for what is not in a site's settings. */
public final class PathTexts {
  private static final Pattern DOT_SEGMENT = Pattern.compile("/\\.\\.?(/|$)");

  /** A query, as of a pasted URL. */
  private static final Pattern QUERY = Pattern.compile("\\?[^/*?]*[=&]");

  private PathTexts() {}

  /**
   * The pattern of a path, checked as that of a behaviour, with the slash that it may lack.
   *
   * @param field that has it
   * @throws Problem 400
   */
  public static String pattern(String field, String text) {
    if (!BehaviourReader.isPattern(text)) {
      throw Problem.invalid(field, BehaviourReader.PATTERN_FAULT);
    }
    return text.startsWith("/") || text.startsWith("*") ? text : '/' + text;
  }

  /**
   * The pattern of paths to block, which must be able to match some.
   *
   * @param field that has it
   * @throws Problem 400
   */
  public static String blockable(String field, String text) {
    if (QUERY.matcher(text).find()) {
      throw Problem.invalid(
          field,
          "seems to have a query, which is not looked at: ? stands for one character of the path."
              + " Leave the query out");
    }
    String pattern = pattern(field, text);
    if (DOT_SEGMENT.matcher(pattern).find()) {
      throw Problem.invalid(
          field, "has a dot segment, which no path has any more when it is matched; resolve it");
    }
    return pattern;
  }

  /**
   * The percent-encoded path of a page, checked as that of a custom error response.
   *
   * @param field that has it
   * @throws Problem 400
   */
  public static String page(String field, String text) {
    if (!OriginReader.isPath(text, false) || ErrorResponseReader.isControlFile(text)) {
      throw Problem.invalid(
          field,
          "must be an encoded path of at most "
              + Limits.PATH_LENGTH
              + " characters that begins with a slash, has no dot segments and no query, and is"
              + " that of a file that viewers are given");
    }
    return text;
  }
}
