package dev.portico.auth;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why a service does not start, for whoever set its variables. */
final class StartFailure {
  private static final Pattern SETTING = Pattern.compile("PORTICO_[A-Z0-9_]+\\b.*", Pattern.DOTALL);
  private static final Pattern TRACING = Pattern.compile("otel(\\.[a-z0-9_-]+)+");
  private static final String TRACING_VARIABLE = "OTEL_";

  private StartFailure() {}

  /**
   * The one line that says which variable is wrong and why.
   *
   * @param failure of the start
   * @param environment by name, where what OpenTelemetry does not name is looked for
   * @return empty: it is no variable's fault
   */
  static Optional<String> ofSetting(Throwable failure, Map<String, String> environment) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message != null && SETTING.matcher(message).matches()) {
        return Optional.of(line(message));
      }
      // By name: without a collector nothing of that library is loaded.
      if (message != null
          && cause.getClass().getName().startsWith("io.opentelemetry.")
          && cause.getClass().getSimpleName().equals("ConfigurationException")) {
        return Optional.of(line(tracing(message, environment)));
      }
    }
    return Optional.empty();
  }

  /** OpenTelemetry names properties, or only what it could not use. */
  private static String tracing(String message, Map<String, String> environment) {
    Matcher property = TRACING.matcher(message);
    if (property.find()) {
      return property.replaceAll(
          found -> found.group().replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT));
    }
    return environment.entrySet().stream()
        .filter(each -> each.getKey().startsWith(TRACING_VARIABLE))
        .filter(each -> !each.getValue().isEmpty() && message.contains(each.getValue()))
        .map(each -> each.getKey() + ": " + message)
        .findFirst()
        .orElse("OTEL_*: " + message);
  }

  private static String line(String message) {
    return message.lines().map(String::strip).reduce((one, next) -> one + ' ' + next).orElse("");
  }
}
