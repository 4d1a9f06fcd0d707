package dev.portico.content.conditional;

import dev.portico.content.error.Problem;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an edit's If-Match says of what is edited (RFC 9110 section 13.1.1): nothing, that there is
 * one, or which it is.
 */
public final class IfMatch {
  /** Of a request without the header: it edits whatever is there. */
  public static final IfMatch ABSENT = new IfMatch(false, Set.of());

  /** A tag of a list; what begins with {@code W/} is weak, and matches nothing. */
  private static final Pattern TAG = Pattern.compile("(?:^|,)\\s*(\"[\\x21\\x23-\\x7e]*\")");

  private final boolean conditional;

  /** Empty with a condition: any will do. */
  private final Set<String> tags;

  private IfMatch(boolean conditional, Set<String> tags) {
    this.conditional = conditional;
    this.tags = tags;
  }

  /** Of a request that has this header; null: it has none. */
  public static IfMatch of(@Nullable String header) {
    if (header == null) {
      return ABSENT;
    }
    if (header.strip().equals("*")) {
      return new IfMatch(true, Set.of());
    }
    Set<String> tags =
        TAG.matcher(header)
            .results()
            .map((MatchResult found) -> found.group(1))
            .collect(Collectors.toUnmodifiableSet());
    return new IfMatch(true, tags.isEmpty() ? Set.of(header) : tags);
  }

  /**
   * Lets the edit of what has this tag pass or throws.
   *
   * @param current its tag; null: there is none yet
   * @throws Problem 412 when it is not as the request says
   */
  public void require(@Nullable String current) {
    if (!conditional || (current != null && (tags.isEmpty() || tags.contains(current)))) {
      return;
    }
    throw Problem.preconditionFailed(
        current == null
            ? "If-Match is for what exists, and there is none."
            : "It is not as you last read it; its ETag is " + current + " by now.");
  }
}
