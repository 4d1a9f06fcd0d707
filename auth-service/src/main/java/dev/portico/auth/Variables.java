package dev.portico.auth;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextConfigurer;
import io.micronaut.context.annotation.ContextConfigurer;
import io.micronaut.context.env.Environment;
import io.micronaut.core.convert.ConversionService;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The environment variables that {@code application.yml} names. Each is checked before anything is
 * made of it: the framework would take a default in place of what it cannot convert.
 */
@ContextConfigurer
public final class Variables implements ApplicationContextConfigurer {
  private static final Pattern ENTRY = Pattern.compile("( *)([a-z0-9-]+):(.*)");
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*):(`[^`]*`|[^}]*)}");
  private static final Pattern SIZE = Pattern.compile("\\d{1,15}|\\d{1,9}[KMG]B");
  private static final Pattern ADDRESS = Pattern.compile("\\w+_(ENDPOINT|JWKS_URL)");
  private static final int INDENT = 2;
  private static final int LAST_PORT = 65_535;
  private static final Set<String> FORMATS = Set.of("text", "json");

  /** What can be told of a value before its feature judges it. */
  enum Kind {
    SWITCH,
    DURATION,
    SIZE,
    PORT,
    NUMBER,
    ADDRESS,
    TEXT
  }

  /**
   * A variable.
   *
   * @param name in the environment
   * @param property that it sets, alone or with others
   * @param byDefault what it is when it is not set
   */
  record Variable(String name, String property, String byDefault) {
    /** The kind of its values, as its default and its name show. */
    Kind kind() {
      if (byDefault.equals("true") || byDefault.equals("false")) {
        return Kind.SWITCH;
      }
      if (byDefault.matches("\\d+(ms|[smhd])")) {
        return Kind.DURATION;
      }
      if (byDefault.matches("\\d+[KMG]B")) {
        return Kind.SIZE;
      }
      if (byDefault.matches("\\d+")) {
        return name.endsWith("_PORT") ? Kind.PORT : Kind.NUMBER;
      }
      return byDefault.startsWith("http") || ADDRESS.matcher(name).matches()
          ? Kind.ADDRESS
          : Kind.TEXT;
    }

    /**
     * What is wrong with a value.
     *
     * @return a sentence that names the variable, what is expected and what it is; empty: nothing
     */
    Optional<String> fault(String value) {
      return understood(value)
          ? Optional.empty()
          : Optional.of(name + " must be " + expected() + ", and is \"" + value + '"');
    }

    private boolean understood(String value) {
      return switch (kind()) {
        case SWITCH -> value.equals("true") || value.equals("false");
        case DURATION -> ConversionService.SHARED.convert(value, Duration.class).isPresent();
        case SIZE -> Variables.SIZE.matcher(value.toUpperCase(Locale.ROOT)).matches();
        case PORT -> whole(value) && Integer.parseInt(value) <= LAST_PORT && !value.startsWith("-");
        case NUMBER -> whole(value);
        case ADDRESS -> (value.isBlank() && byDefault.isEmpty()) || address(value);
        case TEXT -> true;
      };
    }

    private String expected() {
      return switch (kind()) {
        case SWITCH -> "true or false";
        case DURATION -> "a duration as " + byDefault;
        case SIZE -> "a size as " + byDefault;
        case PORT -> "a port from 0 to " + LAST_PORT;
        case NUMBER -> "a whole number as " + byDefault;
        case ADDRESS -> "an http or https URL";
        case TEXT -> "a text";
      };
    }

    private static boolean whole(String value) {
      try {
        Integer.parseInt(value);
        return true;
      } catch (NumberFormatException e) {
        return false;
      }
    }

    private static boolean address(String value) {
      try {
        URI uri = new URI(value.strip());
        return uri.getHost() != null
            && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
      } catch (URISyntaxException e) {
        return false;
      }
    }
  }

  /** All that {@code application.yml} names, in its order. */
  static List<Variable> all() {
    var all = new ArrayList<Variable>();
    var path = new ArrayList<String>();
    for (String line : text().split("\n", -1)) {
      Matcher entry = ENTRY.matcher(line);
      if (!entry.matches()) {
        continue;
      }
      int depth = entry.group(1).length() / INDENT;
      path.subList(Math.min(depth, path.size()), path.size()).clear();
      path.add(entry.group(2));
      Matcher placeholder = PLACEHOLDER.matcher(entry.group(3));
      while (placeholder.find()) {
        all.add(
            new Variable(
                placeholder.group(1),
                String.join(".", path),
                placeholder.group(2).replace("`", "")));
      }
    }
    return List.copyOf(all);
  }

  private static String text() {
    try (InputStream in =
        Objects.requireNonNull(Variables.class.getResourceAsStream("/application.yml"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Refuses what cannot be understood.
   *
   * @throws IllegalArgumentException that names the variable
   */
  @Override
  public void configure(ApplicationContext context) {
    Environment environment = context.getEnvironment();
    for (Variable variable : all()) {
      if (variable.kind() == Kind.TEXT) {
        continue;
      }
      environment
          .getProperty(variable.property(), String.class)
          .flatMap(variable::fault)
          .ifPresent(
              fault -> {
                throw new IllegalArgumentException(fault);
              });
    }
  }

  /**
   * What is wrong with the variable that {@code logback.xml} reads by itself: it would log nothing
   * at all.
   *
   * @param environment by name
   * @return a sentence that names the variable; empty: nothing
   */
  static Optional<String> faultOfLogs(Map<String, String> environment) {
    @Nullable String format = environment.get("PORTICO_LOG_FORMAT");
    if (format != null && !FORMATS.contains(format)) {
      return Optional.of("PORTICO_LOG_FORMAT must be text or json, and is \"" + format + '"');
    }
    return Optional.empty();
  }
}
