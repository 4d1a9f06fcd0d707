package dev.portico.gateway.cache.semantics;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a structured field that is a dictionary, and refuses what is malformed in any way (RFC
 * 9651, section 4.2.2). Values come out as {@link Long}, {@link Double}, {@link Boolean}, {@link
 * String} for strings, tokens and display strings alike, and {@link #OTHER} for byte sequences,
 * dates and inner lists, which no cache directive has. Parameters are checked and dropped.
 *
 * <p>Of our own because what is published for Java either reads RFC 8941 only or is not to be had.
 */
final class StructuredDictionary {
  /** Stands for a value of a type that no directive has. */
  static final Object OTHER = new Object();

  private static final int MOST_INTEGER_DIGITS = 15;
  private static final int MOST_DECIMAL_WHOLE = 12;
  private static final int MOST_FRACTION = 3;

  private final String text;
  private int at;

  private StructuredDictionary(String text) {
    this.text = text;
  }

  /** The members in order; null when the field is malformed. */
  static @Nullable Map<String, Object> parse(String field) {
    StructuredDictionary reader = new StructuredDictionary(field);
    try {
      return reader.dictionary();
    } catch (MalformedException e) {
      return null;
    }
  }

  private Map<String, Object> dictionary() throws MalformedException {
    Map<String, Object> members = new LinkedHashMap<>();
    skipSpaces();
    while (at < text.length()) {
      String key = key();
      Object value = true;
      if (take('=')) {
        value = peek() == '(' ? innerList() : bareItem();
      }
      parameters();
      members.remove(key);
      members.put(key, value);
      skipOptionalWhitespace();
      if (at == text.length()) {
        return members;
      }
      require(take(','));
      skipOptionalWhitespace();
      require(at < text.length());
    }
    return members;
  }

  private Object innerList() throws MalformedException {
    at++;
    while (true) {
      skipSpaces();
      if (take(')')) {
        return OTHER;
      }
      bareItem();
      parameters();
      require(peek() == ' ' || peek() == ')');
    }
  }

  private void parameters() throws MalformedException {
    while (take(';')) {
      skipSpaces();
      key();
      if (take('=')) {
        bareItem();
      }
    }
  }

  private String key() throws MalformedException {
    int start = at;
    require(isLower(peek()) || peek() == '*');
    while (isLower(peek())
        || isDigit(peek())
        || (at < text.length() && "_-.*".indexOf(peek()) >= 0)) {
      at++;
    }
    return text.substring(start, at);
  }

  private Object bareItem() throws MalformedException {
    char c = peek();
    if (c == '-' || isDigit(c)) {
      return number();
    }
    if (c == '"') {
      return string();
    }
    if (c == '*' || isLower(c) || (c >= 'A' && c <= 'Z')) {
      return token();
    }
    return switch (c) {
      case '?' -> bool();
      case ':' -> bytes();
      case '@' -> date();
      case '%' -> displayString();
      default -> throw new MalformedException();
    };
  }

  private Object number() throws MalformedException {
    int start = at;
    take('-');
    int whole = digits();
    require(whole > 0);
    if (!take('.')) {
      require(whole <= MOST_INTEGER_DIGITS);
      return Long.parseLong(text, start, at, 10);
    }
    int fraction = digits();
    require(whole <= MOST_DECIMAL_WHOLE && fraction > 0 && fraction <= MOST_FRACTION);
    return Double.parseDouble(text.substring(start, at));
  }

  private int digits() {
    int start = at;
    while (isDigit(peek())) {
      at++;
    }
    return at - start;
  }

  private String string() throws MalformedException {
    StringBuilder value = new StringBuilder();
    at++;
    while (!take('"')) {
      char c = next();
      if (c == '\\') {
        c = next();
        require(c == '"' || c == '\\');
      } else {
        require(c >= ' ' && c < 0x7f);
      }
      value.append(c);
    }
    return value.toString();
  }

  private String token() {
    int start = at;
    while (at < text.length()
        && (Tokens.isTokenCharacter(peek()) || peek() == ':' || peek() == '/')) {
      at++;
    }
    return text.substring(start, at);
  }

  private Object bool() throws MalformedException {
    at++;
    char c = next();
    require(c == '0' || c == '1');
    return c == '1';
  }

  private Object bytes() throws MalformedException {
    at++;
    while (!take(':')) {
      char c = next();
      require(isLower(c) || (c >= 'A' && c <= 'Z') || isDigit(c) || "+/=".indexOf(c) >= 0);
    }
    return OTHER;
  }

  private Object date() throws MalformedException {
    at++;
    require(number() instanceof Long);
    return OTHER;
  }

  private Object displayString() throws MalformedException {
    at++;
    require(take('"'));
    while (!take('"')) {
      char c = next();
      require(c >= ' ' && c < 0x7f);
      if (c == '%') {
        require(isLowerHex(next()));
        require(isLowerHex(next()));
      }
    }
    return OTHER;
  }

  private static boolean isLowerHex(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'f');
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private char next() throws MalformedException {
    require(at < text.length());
    return text.charAt(at++);
  }

  private boolean take(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpaces() {
    while (peek() == ' ') {
      at++;
    }
  }

  private void skipOptionalWhitespace() {
    while (peek() == ' ' || peek() == '\t') {
      at++;
    }
  }

  private static void require(boolean holds) throws MalformedException {
    if (!holds) {
      throw new MalformedException();
    }
  }

  /** Ends the reading; its trace would tell nothing. */
  private static final class MalformedException extends Exception {
    MalformedException() {
      super("malformed", null, false, false);
    }
  }
}
