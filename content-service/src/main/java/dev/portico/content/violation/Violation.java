package dev.portico.content.violation;

/**
 * What was violated, as gateways cut it: none of the texts has a space.
 *
 * @param disposition whether the policy holds: {@code enforce}, {@code report}, or {@code unknown}
 * @param directive the directive that forbids it, {@code script-src-elem}
 * @param blocked what was forbidden: a keyword like {@code inline}, a scheme, or an origin
 * @param path of the page, without query; empty for a page without an address
 */
record Violation(String disposition, String directive, String blocked, String path) {
  private static final int PARTS = 4;

  /** The violation of this text. */
  static Violation of(String text) {
    String[] parts = text.split(" ", PARTS);
    return new Violation(parts[0], parts[1], parts[2], parts[3]);
  }

  /** All of it in one text. */
  String text() {
    return String.join(" ", disposition, directive, blocked, path);
  }
}
