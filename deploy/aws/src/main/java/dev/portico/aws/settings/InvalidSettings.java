package dev.portico.aws.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The settings file cannot work; says everything that is wrong with it at once. */
public final class InvalidSettings extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  InvalidSettings(Path file, List<Problem> problems) {
    super(
        problems.stream()
            .map(problem -> "  " + problem)
            .collect(Collectors.joining("\n", file + " cannot be deployed:\n", "")));
    this.problems = List.copyOf(problems);
  }

  /** All of it, in the order of the file's description. */
  public List<Problem> problems() {
    return problems;
  }
}
