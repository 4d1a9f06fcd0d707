package dev.portico.aws.settings;

/**
 * What is wrong with one field of the settings file.
 *
 * @param field its path, as {@code gateway.memory}
 * @param reason why it cannot be so, and what can
 */
public record Problem(String field, String reason) {
  @Override
  public String toString() {
    return field + ": " + reason;
  }
}
