package dev.portico.gateway;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings that logback.xml reads by itself, before anything else is: of a format that there is
 * not it would log nothing, and take a level that is none for DEBUG.
 */
final class LogSettings {
  private static final List<String> FORMATS = List.of("text", "json");
  private static final List<String> LEVELS =
      List.of("OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE");

  private LogSettings() {}

  /** What is wrong with them, in one line; null: nothing is. */
  static @Nullable String fault(Map<String, String> environment) {
    String format = environment.getOrDefault("PORTICO_LOG_FORMAT", "text");
    if (!FORMATS.contains(format)) {
      return "PORTICO_LOG_FORMAT must be text or json, and is \"" + format + '"';
    }
    String level = environment.getOrDefault("PORTICO_LOG_LEVEL", "INFO");
    if (!LEVELS.contains(level.toUpperCase(Locale.ROOT))) {
      return "PORTICO_LOG_LEVEL must be OFF, ERROR, WARN, INFO, DEBUG or TRACE, and is \""
          + level
          + '"';
    }
    return null;
  }
}
