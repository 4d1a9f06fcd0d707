package dev.portico.auth.pages;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The texts of the pages in one language. */
final class Messages {
  /** The languages that there are texts in; the first is for whoever understands none of them. */
  static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.GERMAN, Locale.FRENCH);

  /** What browsers send is far shorter. */
  private static final int LONGEST_HEADER = 500;

  private static final Map<Locale, Messages> ALL =
      LANGUAGES.stream().collect(Collectors.toMap(Function.identity(), Messages::load));

  private final String language;
  private final Map<String, String> texts;

  private Messages(String language, Map<String, String> texts) {
    this.language = language;
    this.texts = texts;
  }

  /** The texts in one of {@link #LANGUAGES}. */
  static Messages in(Locale language) {
    Messages found = ALL.get(language);
    if (found == null) {
      throw new IllegalArgumentException("No texts in " + language);
    }
    return found;
  }

  /** The texts for this Accept-Language (RFC 9110 section 12.5.4), looked up as RFC 4647 has it. */
  static Messages accepted(@Nullable String header) {
    if (header == null || header.length() > LONGEST_HEADER) {
      return in(LANGUAGES.getFirst());
    }
    try {
      Locale best = Locale.lookup(Locale.LanguageRange.parse(header), LANGUAGES);
      return in(best == null ? LANGUAGES.getFirst() : best);
    } catch (IllegalArgumentException malformed) {
      return in(LANGUAGES.getFirst());
    }
  }

  /** The language's tag (RFC 5646). */
  String language() {
    return language;
  }

  /**
   * A text, in which {0}, {1} and so on stand for the arguments.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  String text(String key, Object... arguments) {
    String text = texts.get(key);
    if (text == null) {
      throw new IllegalArgumentException("No text " + key + " in " + language);
    }
    for (int i = 0; i < arguments.length; i++) {
      text = text.replace("{" + i + '}', String.valueOf(arguments[i]));
    }
    return text;
  }

  /** The names of all texts. */
  Set<String> keys() {
    return texts.keySet();
  }

  /** Whether there is a text of this name. */
  boolean has(String key) {
    return texts.containsKey(key);
  }

  private static Messages load(Locale language) {
    String name = "messages_" + language.getLanguage() + ".properties";
    var properties = new Properties();
    try (var file = Messages.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is missing");
      }
      properties.load(new InputStreamReader(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Messages(
        language.toLanguageTag(),
        properties.stringPropertyNames().stream()
            .collect(Collectors.toUnmodifiableMap(Function.identity(), properties::getProperty)));
  }
}
