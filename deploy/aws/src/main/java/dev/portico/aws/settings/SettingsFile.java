package dev.portico.aws.settings;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Reads the settings file, YAML or JSON, which is YAML too. */
public final class SettingsFile {
  private SettingsFile() {}

  /**
   * The settings in it.
   *
   * @param file to read
   * @param tag of the images, in place of the file's; null: the file's
   * @throws InvalidSettings with everything that is wrong
   */
  public static Settings read(Path file, @Nullable String tag) {
    List<Problem> problems = new ArrayList<>();
    Object document = document(file, problems);
    if (problems.isEmpty() && !(document instanceof Map<?, ?>)) {
      problems.add(new Problem("the file", "must hold fields"));
    }
    if (!(document instanceof Map<?, ?> fields)) {
      throw new InvalidSettings(file, problems);
    }
    Settings settings = new SettingsReader(tag).read(new Fields(fields, "", problems));
    if (problems.isEmpty()) {
      problems.addAll(SettingsCheck.problems(settings));
    }
    if (!problems.isEmpty()) {
      throw new InvalidSettings(file, problems);
    }
    return settings;
  }

  private static @Nullable Object document(Path file, List<Problem> problems) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try (Reader reader = Files.newBufferedReader(file)) {
      return new Yaml(new SafeConstructor(options)).load(reader);
    } catch (MarkedYAMLException e) {
      String place =
          e.getProblemMark() == null ? "the file" : "line " + (e.getProblemMark().getLine() + 1);
      problems.add(new Problem(place, String.valueOf(e.getProblem())));
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the settings file " + file, e);
    }
  }
}
