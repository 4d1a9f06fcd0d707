package dev.portico.gateway;

import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one line that says why the service could not start. Settings are named as whoever runs the
 * service knows them: by environment variable, which application.yml maps to a property.
 */
final class StartFailure {
  /** What the framework says of a property that is not of its type. */
  private static final Pattern UNREADABLE =
      Pattern.compile(
          "Error resolving property value \\[([^]]+)]\\."
              + " Unable to convert value \\[.*?] to target type \\[([^]]+)]",
          Pattern.DOTALL);

  /** What it says of an empty one. */
  private static final Pattern EMPTY =
      Pattern.compile("Error resolving property value \\[([^]]+)]\\. Property doesn't exist");

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]+):.*");
  private static final Pattern PROPERTY = Pattern.compile("\\bportico(?:\\.[a-z0-9-]+)+");
  private static final Pattern VARIABLE = Pattern.compile("\\bPORTICO_[A-Z0-9_]+");
  private static final Pattern OTEL_PROPERTY = Pattern.compile("\\botel(?:\\.[a-z0-9_-]+)+");
  private static final String RULE = " must ";
  private static final String VALUE = ", and is \"";
  private static final int LONGEST = 1_000;

  private final Environment environment;
  private final Map<String, String> variables = new HashMap<>();
  private final Map<String, String> properties = new HashMap<>();

  /** Of a service with these settings. */
  StartFailure(Environment environment) {
    this.environment = environment;
    for (PropertySource source : environment.getPropertySources()) {
      for (String property : source) {
        Matcher placeholder = PLACEHOLDER.matcher(String.valueOf(source.get(property)));
        if (placeholder.matches()) {
          variables.put(property, placeholder.group(1));
          properties.put(placeholder.group(1), property);
        }
      }
    }
  }

  /** What is wrong and where, without a line break. */
  String line(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      Matcher empty = EMPTY.matcher(message);
      if (empty.find()) {
        return variable(empty.group(1)) + " must not be empty";
      }
      Matcher unreadable = UNREADABLE.matcher(message);
      if (unreadable.find()) {
        String property = unreadable.group(1);
        return withValue(variable(property) + " must be " + expected(unreadable.group(2)));
      }
    }
    return told(message(own(failure)));
  }

  private static String expected(String type) {
    return switch (type) {
      case "int" -> "a whole number";
      // Numbers of bytes are the only ones that are so large.
      case "long" -> "a size as 64MB";
      case "Duration" -> "a duration as 10s";
      case "URI" -> "a URL";
      default -> "of type " + type;
    };
  }

  /** What the framework says about how it came upon a failure is of no use here. */
  private static Throwable own(Throwable failure) {
    Throwable found = failure;
    while (found.getCause() != null && found.getClass().getName().startsWith("io.micronaut.")) {
      found = found.getCause();
    }
    return found;
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    if (message == null) {
      return failure.toString();
    }
    Throwable cause = failure.getCause();
    // What names a setting says all that there is to say.
    return cause == null || VARIABLE.matcher(message).lookingAt()
        ? message
        : message + ": " + cause.getMessage();
  }

  /** With settings named by their variables, and the value of the one that it is about. */
  private String told(String message) {
    String named = PROPERTY.matcher(message).replaceAll(this::variable);
    String known = OTEL_PROPERTY.matcher(named).replaceAll(StartFailure::otelVariable);
    return withValue(known);
  }

  private String variable(MatchResult property) {
    return Matcher.quoteReplacement(variable(property.group()));
  }

  private String variable(String property) {
    return variables.getOrDefault(property, property);
  }

  private static String otelVariable(MatchResult property) {
    return property.group().toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private String withValue(String message) {
    Matcher variable = VARIABLE.matcher(message);
    if (!variable.lookingAt() || !message.startsWith(RULE, variable.end())) {
      return cut(message);
    }
    String name = variable.group();
    boolean several = variable.find();
    String property = properties.get(name);
    if (several || property == null || name.endsWith("_SECRET")) {
      return cut(message);
    }
    String value = environment.getProperty(property, String.class).orElse("");
    return cut(message + VALUE + value + '"');
  }

  private static String cut(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
