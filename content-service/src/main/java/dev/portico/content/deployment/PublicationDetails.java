package dev.portico.content.deployment;

import dev.portico.content.error.Problem;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher says of a deployment beside its files.
 *
 * @param author who publishes
 * @param title what to call it
 * @param revision the source revision it was built from
 */
record PublicationDetails(String author, @Nullable String title, @Nullable String revision) {
  private static final int MAX_LENGTH = 200;

  PublicationDetails {
    check("title", title);
    check("revision", revision);
  }

  /** Whether they say something that a deployment does not. */
  boolean newTo(DeploymentRecord deployment) {
    return (title != null && !title.equals(deployment.title()))
        || (revision != null && !revision.equals(deployment.revision()));
  }

  private static void check(String field, @Nullable String text) {
    if (text == null) {
      return;
    }
    if (text.length() > MAX_LENGTH) {
      throw Problem.invalid(field, "is longer than " + MAX_LENGTH + " characters");
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw Problem.invalid(field, "contains a control character");
    }
  }
}
