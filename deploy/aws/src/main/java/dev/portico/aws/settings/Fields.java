package dev.portico.aws.settings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object of the file. Each question notes what is wrong and goes on with a value
 * that nobody will see, so that all problems are told at once.
 */
final class Fields {
  private final Map<?, ?> values;
  private final String path;
  private final List<Problem> problems;
  private final Set<String> asked = new HashSet<>();

  Fields(Map<?, ?> values, String path, List<Problem> problems) {
    this.values = values;
    this.path = path;
    this.problems = problems;
  }

  /** The text of a field that must be there. */
  String text(String name, Form form) {
    return check(name, values.get(asked(name)), form);
  }

  /** The text of a field, or {@code fallback} when it is absent. */
  String text(String name, Form form, String fallback) {
    Object value = values.get(asked(name));
    return value == null ? fallback : check(name, value, form);
  }

  List<String> texts(String name, Form form) {
    Object value = values.get(asked(name));
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      problem(name, "must be a list");
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      texts.add(check(name + "[" + i + "]", list.get(i), form));
    }
    return List.copyOf(texts);
  }

  int number(String name, int least, int most, int fallback) {
    Object value = values.get(asked(name));
    if (value == null) {
      return fallback;
    }
    if (value instanceof Integer number && number >= least && number <= most) {
      return number;
    }
    problem(name, "must be a number from " + least + " to " + most + ", and is " + shown(value));
    return fallback;
  }

  boolean flag(String name, boolean fallback) {
    Object value = values.get(asked(name));
    if (value == null) {
      return fallback;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    problem(name, "must be true or false, and is " + shown(value));
    return fallback;
  }

  /** With what cannot be seen of it otherwise: 30 is a number, "30" is none. */
  private static String shown(Object value) {
    return value instanceof String text && text.matches("[0-9]+|true|false")
        ? text + " in quotation marks"
        : String.valueOf(value);
  }

  <E extends Enum<E>> E choice(String name, Class<E> of, E fallback) {
    Object value = values.get(asked(name));
    if (value == null) {
      return fallback;
    }
    List<E> choices = Arrays.asList(of.getEnumConstants());
    for (E choice : choices) {
      if (written(choice).equals(value)) {
        return choice;
      }
    }
    problem(
        name,
        "must be one of "
            + choices.stream().map(Fields::written).collect(Collectors.joining(", "))
            + ", and is "
            + value);
    return fallback;
  }

  private static String written(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  /** An object, empty when it is absent. */
  Fields object(String name) {
    return object(name, values.get(asked(name)));
  }

  /** An object, or null when it is absent. */
  @Nullable Fields objectIfPresent(String name) {
    Object value = values.get(asked(name));
    return value == null ? null : object(name, value);
  }

  List<Fields> objects(String name) {
    Object value = values.get(asked(name));
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      problem(name, "must be a list");
      return List.of();
    }
    List<Fields> objects = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      objects.add(object(name + "[" + i + "]", list.get(i)));
    }
    return objects;
  }

  private Fields object(String name, @Nullable Object value) {
    if (value != null && !(value instanceof Map<?, ?>)) {
      problem(name, "must have fields of its own");
    }
    return new Fields(
        value instanceof Map<?, ?> fields ? fields : Map.of(), path + name + ".", problems);
  }

  /** Notes what cannot be. */
  void problem(String name, String reason) {
    problems.add(new Problem(path + name, reason));
  }

  /** Refuses the fields that nobody has asked for: most are misspelt. */
  void nothingElse() {
    for (Object name : values.keySet()) {
      if (!asked.contains(String.valueOf(name))) {
        problem(String.valueOf(name), "is not a setting");
      }
    }
  }

  private String asked(String name) {
    asked.add(name);
    return name;
  }

  private String check(String name, @Nullable Object value, Form form) {
    if (value == null) {
      problem(name, "is missing; " + form.expectation());
      return "";
    }
    if (value instanceof String text && form.accepts(text)) {
      return text;
    }
    String hint = value instanceof Integer ? " without quotation marks" : "";
    problem(name, form.expectation() + ", and is " + value + hint);
    return "";
  }
}
