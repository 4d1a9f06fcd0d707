package dev.portico.content;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What may be said in a setting of the service; what may not be keeps it from starting. */
public final class SettingBounds {
  private static final Set<String> SCHEMES = Set.of("http", "https");

  private SettingBounds() {}

  /**
   * Refuses a number out of range.
   *
   * @param variable whose value it is, in the environment
   * @param least the least that will do
   * @param most the most
   * @throws IllegalArgumentException that names the variable and both bounds
   */
  public static void requireWithin(String variable, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(variable + " is not between " + least + " and " + most);
    }
  }

  /**
   * Refuses a time of nothing, or less.
   *
   * @param variable whose value it is, in the environment
   * @throws IllegalArgumentException that names the variable
   */
  public static void requirePositive(String variable, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(variable + " is not longer than 0s");
    }
  }

  /**
   * Refuses a name of nothing.
   *
   * @param variable whose value it is, in the environment
   * @throws IllegalArgumentException that names the variable
   */
  public static void requireName(String variable, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(variable + " is empty");
    }
  }

  /**
   * Where something answers in place of AWS.
   *
   * @param variable whose value it is, in the environment
   * @param value nothing, as from an unset variable, is AWS
   * @return null for AWS
   * @throws IllegalArgumentException that names the variable, if it is no http or https URL
   */
  public static @Nullable URI endpointOrAws(String variable, @Nullable URI value) {
    if (value == null || value.toString().isEmpty()) {
      return null;
    }
    if (value.getHost() == null || !SCHEMES.contains(String.valueOf(value.getScheme()))) {
      throw new IllegalArgumentException(
          variable + " must be an http or https URL, or unset for AWS");
    }
    return value;
  }
}
