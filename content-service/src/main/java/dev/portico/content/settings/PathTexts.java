package dev.portico.content.settings;

import dev.portico.content.error.Problem;

/** The rules of settings for texts that lead to paths, for what is not in a site's settings. */
public final class PathTexts {
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
