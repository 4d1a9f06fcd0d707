package dev.portico.auth.pages;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What a form was filled in with; of several values of one name the first.
 *
 * @see <a href="https://url.spec.whatwg.org/#application/x-www-form-urlencoded">URL,
 *     application/x-www-form-urlencoded</a>
 */
final class Form {
  private final Map<String, String> values = new HashMap<>();

  private Form() {}

  /** The form of a body; pairs that are not understood are left out. */
  static Form of(String body) {
    var form = new Form();
    for (String pair : body.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        form.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return form;
  }

  private void put(String name, String value) {
    try {
      values.putIfAbsent(
          URLDecoder.decode(name, StandardCharsets.UTF_8),
          URLDecoder.decode(value, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException malformed) {
      // As if it had not been sent: what is needed of it is missing, and said so.
    }
  }

  /** A value without white space around it; empty if it was not sent. */
  String text(String name) {
    return typed(name).strip();
  }

  /** A value as it was typed, for passwords; empty if it was not sent. */
  String typed(String name) {
    return values.getOrDefault(name, "");
  }

  /** Whether a box was ticked. */
  boolean ticked(String name) {
    return !typed(name).isEmpty();
  }

  /** Without the values, since what is printed may be logged. */
  @Override
  public String toString() {
    return "Form" + values.keySet();
  }
}
