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
      throw new IllegalArgumentException(
          variable + " must be between " + least + " and " + most + ", and is " + value);
    }
  }

  /**
   * Refuses a time out of range.
   *
   * @param variable whose value it is, in the environment
   * @param least the least that will do
   * @param most the most
   * @throws IllegalArgumentException that names the variable and both bounds
   */
  public static void requireWithin(String variable, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          variable
              + " must be between "
              + text(least)
              + " and "
              + text(most)
              + ", and is "
              + text(value));
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
      throw new IllegalArgumentException(
          variable + " must be longer than 0s, and is " + text(value));
    }
  }

  /** A time as it is written in a setting. */
  private static String text(Duration value) {
    if (value.toMillisPart() != 0) {
      return value.toMillis() + "ms";
    }
    long seconds = value.toSeconds();
    if (seconds % 86_400 == 0 && seconds != 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3_600 == 0 && seconds != 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 && seconds != 0 ? seconds / 60 + "m" : seconds + "s";
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
          variable + " must be an http or https URL, or unset for AWS, and is \"" + value + '"');
    }
    return value;
  }
}
