package dev.portico.auth.internal;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask on the internal port. Checked at start.
 *
 * @param secrets of the callers, one each, two while one is being replaced; at least 32 characters
 * @param ofContent those of content-service among them; none where callers are not told apart
 */
@Context
@ConfigurationProperties("portico.callers")
public record InternalSettings(@Nullable List<String> secrets, @Nullable List<String> ofContent) {
  private static final int SHORTEST_SECRET = 32;

  /**
   * Refuses secrets that could be guessed.
   *
   * @throws IllegalArgumentException naming the setting
   */
  public InternalSettings {
    secrets = given(secrets);
    ofContent = given(ofContent);
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("PORTICO_INTERNAL_SECRETS is not set");
    }
    if (secrets.stream().anyMatch(secret -> secret.length() < SHORTEST_SECRET)) {
      throw new IllegalArgumentException(
          "PORTICO_INTERNAL_SECRETS holds a secret of fewer than "
              + SHORTEST_SECRET
              + " characters");
    }
  }

  private static List<String> given(@Nullable List<String> texts) {
    return texts == null
        ? List.of()
        : texts.stream().map(String::strip).filter(text -> !text.isEmpty()).toList();
  }

  List<String> accepted() {
    return Objects.requireNonNullElse(secrets, List.of());
  }

  /** What is accepted where gateways have no business. */
  List<String> acceptedOfContent() {
    List<String> known = Objects.requireNonNullElse(ofContent, List.of());
    return known.isEmpty() ? accepted() : known;
  }

  /** Without the secrets, since what is printed may be logged. */
  @Override
  public String toString() {
    return "InternalSettings[" + accepted().size() + ']';
  }
}
