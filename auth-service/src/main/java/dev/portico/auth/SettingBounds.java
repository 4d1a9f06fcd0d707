package dev.portico.auth;

import java.time.Duration;

/** What may be said in a setting of the service; what may not be keeps it from starting. */
public final class SettingBounds {
  private SettingBounds() {}

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

  /** A time as it is written in a setting. */
  public static String text(Duration value) {
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
}
