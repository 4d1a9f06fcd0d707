package dev.portico.content.deployment;

import dev.portico.content.deployment.manifest.DeploymentId;
import dev.portico.content.error.Problem;
import java.util.regex.Pattern;

/** What an alias may be called: it becomes the first part of a host label, {@code alias--site}. */
final class AliasName {
  private static final Pattern FORM = Pattern.compile("[a-z0-9](?:[a-z0-9-]*[a-z0-9])?");
  private static final int MIN = 3;
  private static final int MAX = 30;

  private AliasName() {}

  /**
   * Returns the name.
   *
   * @throws Problem 400 when no alias may be called so
   */
  static String checked(String name) {
    if (name.length() < MIN || name.length() > MAX) {
      throw Problem.invalid("alias", "must have " + MIN + " to " + MAX + " characters");
    }
    if (!hasForm(name)) {
      throw Problem.invalid(
          "alias",
          "must be of lower-case letters, digits and single hyphens, and neither begin nor end with a hyphen");
    }
    if (DeploymentId.isValid(name)) {
      throw Problem.invalid("alias", "looks like the id of a deployment");
    }
    return name;
  }

  /** Whether an alias may be called so. */
  static boolean isValid(String name) {
    return name.length() >= MIN
        && name.length() <= MAX
        && hasForm(name)
        && !DeploymentId.isValid(name);
  }

  private static boolean hasForm(String name) {
    return FORM.matcher(name).matches() && !name.contains("--");
  }
}
