package dev.portico.auth.internal;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask on the internal port. Checked at start.
 *
 * @param secrets of the callers, one each, two while one is being replaced; at least 32 characters
 */
@Context
@ConfigurationProperties("portico.callers")
public record InternalSettings(@Nullable List<String> secrets) {
  private static final int SHORTEST_SECRET = 32;

  /**
   * Refuses secrets that could be guessed.
   *
   * @throws IllegalArgumentException naming the setting
   */
  public InternalSettings {
    secrets =
        secrets == null
            ? List.of()
            : secrets.stream().map(String::strip).filter(secret -> !secret.isEmpty()).toList();
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

  List<String> accepted() {
    return secrets == null ? List.of() : secrets;
  }

  /** Without the secrets, since what is printed may be logged. */
  @Override
  public String toString() {
    return "InternalSettings[" + accepted().size() + ']';
  }
}
