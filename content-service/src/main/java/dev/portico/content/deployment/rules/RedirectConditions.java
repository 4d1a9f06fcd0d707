package dev.portico.content.deployment.rules;

import static dev.portico.content.deployment.rules.RuleFile.quoted;

import dev.portico.content.settings.SettingsContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The conditions at the end of a line of {@code _redirects}. */
final class RedirectConditions {
  // RFC 5646, section 2.1, as far as its subtags' lengths; RFC 9110, section 5.6.2.
  private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,7}");
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  // What Cognito lets a group be called, without the comma that separates them here.
  private static final Pattern GROUP =
      Pattern.compile("[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]{1,128}", Pattern.UNICODE_CHARACTER_CLASS);

  private final List<String> languages = new ArrayList<>();
  private final List<String> cookies = new ArrayList<>();
  private final List<String> roles = new ArrayList<>();
  private final List<String> contexts = new ArrayList<>();

  /** Adds {@code Name=value,value}. */
  void add(String token) {
    int equals = token.indexOf('=');
    if (equals <= 0) {
      throw new RuleRejected(quoted(token) + " is not a condition, Name=value");
    }
    String[] values = token.substring(equals + 1).split(",", -1);
    String name = token.substring(0, equals);
    switch (name.toLowerCase(Locale.ROOT)) {
      case "language" -> addLanguages(values);
      case "cookie" -> addCookies(values);
      case "role" -> addRoles(values);
      case "context" -> addContexts(values);
      case "country" ->
          throw new RuleRejected("Country is not possible: nobody here knows a viewer's country");
      case "sign" ->
          throw new RuleRejected("Sign is not possible: proxied requests are not signed");
      default ->
          throw new RuleRejected(
              quoted(name) + " is not a condition: there are Language, Cookie, Role, Context");
    }
  }

  private void addLanguages(String[] values) {
    for (String value : values) {
      if (!LANGUAGE.matcher(value).matches()) {
        throw new RuleRejected(quoted(value) + " is not a language, such as en or pt-BR");
      }
      languages.add(value.toLowerCase(Locale.ROOT));
    }
  }

  private void addCookies(String[] values) {
    for (String value : values) {
      if (!TOKEN.matcher(value).matches()) {
        throw new RuleRejected(quoted(value) + " is not the name of a cookie");
      }
      cookies.add(value);
    }
  }

  private void addRoles(String[] values) {
    for (String value : values) {
      if (!GROUP.matcher(value).matches()) {
        throw new RuleRejected(quoted(value) + " is not the name of a group");
      }
      roles.add(value);
    }
  }

  private void addContexts(String[] values) {
    for (String value : values) {
      if (SettingsContext.parse(value).isEmpty()) {
        throw new RuleRejected(
            quoted(value) + " is not a context: production, preview or alias:name");
      }
      contexts.add(value);
    }
  }

  List<String> languages() {
    return languages;
  }

  List<String> cookies() {
    return cookies;
  }

  List<String> roles() {
    return roles;
  }

  List<String> contexts() {
    return contexts;
  }
}
