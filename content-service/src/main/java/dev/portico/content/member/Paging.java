package dev.portico.content.member;

import dev.portico.content.error.Problem;

/** The {@code limit} parameter of every list. */
public final class Paging {
  /** Items of a page when nothing is asked for. */
  public static final String DEFAULT_LIMIT = "50";

  /** Most items of a page. */
  public static final int MAX_LIMIT = 1000;

  private Paging() {}

  /**
   * The limit, checked.
   *
   * @throws Problem 400 outside of 1 to {@link #MAX_LIMIT}
   */
  public static int limit(int wanted) {
    if (wanted < 1 || wanted > MAX_LIMIT) {
      throw Problem.invalid("limit", "is not between 1 and " + MAX_LIMIT);
    }
    return wanted;
  }
}
