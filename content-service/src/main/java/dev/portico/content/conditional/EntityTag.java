package dev.portico.content.conditional;

import dev.portico.content.error.Problem;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Strong entity tags (RFC 9110 section 8.8.3). */
public final class EntityTag {
  private static final Pattern FORM = Pattern.compile("\"(\\d{1,18})\"");

  private EntityTag() {}

  /** The tag of what has a version: {@code "<version>"}. */
  public static String of(long version) {
    return "\"" + version + "\"";
  }

  /**
   * The tag of what has no version.
   *
   * @param parts what can change of it, in visible ASCII characters without quotes
   */
  public static String of(String... parts) {
    return "\"" + String.join("-", parts) + "\"";
  }

  /**
   * The version that If-Match asks for, of what has a version.
   *
   * @return null when the header is absent or {@code *}
   * @throws Problem 412 when it can match no version
   */
  public static @Nullable Long version(@Nullable String ifMatch) {
    if (ifMatch == null || ifMatch.strip().equals("*")) {
      return null;
    }
    Matcher tag = FORM.matcher(ifMatch.strip());
    if (!tag.matches()) {
      throw Problem.preconditionFailed("If-Match is not an ETag of this resource.");
    }
    return Long.valueOf(tag.group(1));
  }
}
