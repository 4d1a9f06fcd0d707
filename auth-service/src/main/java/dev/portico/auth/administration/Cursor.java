package dev.portico.auth.administration;

import dev.portico.auth.error.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The opaque cursor of a list: the pool's own token in base64url, with the name of the list, so
 * that one taken from another list is refused.
 */
final class Cursor {
  /** Items of a page when nothing is asked for. */
  static final String DEFAULT_LIMIT = "50";

  /** Most items of a page, as Cognito has it. */
  private static final int MAX_LIMIT = 60;

  private static final char SEPARATOR = '\0';

  private Cursor() {}

  static @Nullable String encode(String list, @Nullable String token) {
    return token == null
        ? null
        : Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString((list + SEPARATOR + token).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The pool's token.
   *
   * @throws Problem 400 if the cursor is damaged or of another list
   */
  static @Nullable String decode(String list, @Nullable String cursor) {
    if (cursor == null) {
      return null;
    }
    String text;
    try {
      text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw invalid();
    }
    if (!text.startsWith(list + SEPARATOR) || text.length() == list.length() + 1) {
      throw invalid();
    }
    return text.substring(list.length() + 1);
  }

  static Problem invalid() {
    return Problem.invalid("cursor", "is not one that this list returned");
  }

  /**
   * The limit of a list of the pool's, checked.
   *
   * @throws Problem 400 outside of 1 to 60
   */
  static int limit(int wanted) {
    return limit(wanted, MAX_LIMIT);
  }

  /**
   * The limit of a list, checked.
   *
   * @throws Problem 400 outside of 1 to {@code most}
   */
  static int limit(int wanted, int most) {
    if (wanted < 1 || wanted > most) {
      throw Problem.invalid("limit", "is not between 1 and " + most);
    }
    return wanted;
  }
}
