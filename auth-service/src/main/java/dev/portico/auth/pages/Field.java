package dev.portico.auth.pages;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field of a form. Its label is the text {@code field.NAME}, its hint {@code field.NAME.hint}.
 *
 * @param name its name
 * @param type of the input element, or {@code radio} for a choice, or {@code checkbox}
 * @param value what stands in it at first; never a secret
 * @param autocomplete what browsers and password managers fill in (HTML, autofill field names)
 * @param inputmode the keyboard that devices show
 * @param options what is chosen from, by the names of their texts
 * @param hinted whether it has a hint
 * @param fixed whether it only shows what a password manager needs to know
 */
record Field(
    String name,
    String type,
    String value,
    @Nullable String autocomplete,
    @Nullable String inputmode,
    List<String> options,
    boolean hinted,
    boolean fixed) {
  static final String USERNAME = "username";
  static final String EMAIL = "email";
  static final String PASSWORD = "password";
  static final String CURRENT_PASSWORD = "currentPassword";
  static final String NEW_PASSWORD = "newPassword";
  static final String CODE = "code";
  static final String FACTOR = "factor";
  static final String EVERYWHERE = "everywhere";
  static final String UNDERSTOOD = "understood";

  /** The name of an account. */
  static Field username(String value) {
    return input(USERNAME, "text", value, "username", "email", false);
  }

  /** The name of an account that is known already, for password managers to file a password by. */
  static Field account(String value) {
    return new Field(USERNAME, "text", value, "username", null, List.of(), false, true);
  }

  /** The name of an account, shown if it is known and asked for if not. */
  static Field accountOrAsked(String value) {
    return value.isEmpty() ? username("") : account(value);
  }

  /** An e-mail address that becomes the name of an account. */
  static Field newUsername(String value) {
    return input(EMAIL, "email", value, "username", "email", false);
  }

  /** An e-mail address. */
  static Field email(String value) {
    return input(EMAIL, "email", value, "email", "email", false);
  }

  /** The password of an account, asked for by this name. */
  static Field password(String name) {
    return input(name, "password", "", "current-password", null, false);
  }

  /** A password that is chosen. */
  static Field newPassword() {
    return input(NEW_PASSWORD, "password", "", "new-password", null, true);
  }

  /** A code that was sent, or that an app shows. */
  static Field code() {
    return input(CODE, "text", "", "one-time-code", "numeric", false);
  }

  /** An attribute that the pool demands; its label is {@code attribute.NAME} if there is one. */
  static Field attribute(String name, String value) {
    return input("attribute." + name, "text", value, null, null, false);
  }

  /** One of several ways. */
  static Field choice(String name, List<String> options) {
    return new Field(name, "radio", "", null, null, List.copyOf(options), false, false);
  }

  /** A box to tick. */
  static Field box(String name) {
    return new Field(name, "checkbox", "", null, null, List.of(), true, false);
  }

  private static Field input(
      String name,
      String type,
      String value,
      @Nullable String autocomplete,
      @Nullable String inputmode,
      boolean hinted) {
    return new Field(name, type, value, autocomplete, inputmode, List.of(), hinted, false);
  }
}
