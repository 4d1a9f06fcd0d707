package dev.portico.gateway.cache.semantics;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Tokens, and lists of them (RFC 9110, sections 5.6.1 and 5.6.2). */
final class Tokens {
  private static final String PUNCTUATION = "!#$%&'*+-.^_`|~";

  private Tokens() {}

  /** Whether the text is a token. */
  static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isTokenCharacter(text.charAt(i))) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** Whether tokens may hold the character. */
  static boolean isTokenCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || PUNCTUATION.indexOf(c) >= 0;
  }

  /**
   * The names in a list of field names, in lower case; empty elements are passed over, and so is
   * what is no token.
   */
  static Set<String> fieldNames(String list) {
    Set<String> names = new HashSet<>();
    for (String element : list.split(",", -1)) {
      String name = element.strip();
      if (isToken(name)) {
        names.add(name.toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }

  /** Whether every element of a list is a token, empty ones aside. */
  static boolean areTokens(String list) {
    for (String element : list.split(",", -1)) {
      String name = element.strip();
      if (!name.isEmpty() && !isToken(name)) {
        return false;
      }
    }
    return true;
  }
}
