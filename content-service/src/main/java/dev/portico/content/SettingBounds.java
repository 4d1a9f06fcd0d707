package dev.portico.content;

import java.time.Duration;

/** What may be said in a setting of the service; what may not be keeps it from starting. */
public final class SettingBounds {
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
}
