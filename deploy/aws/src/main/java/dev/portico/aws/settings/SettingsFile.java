package dev.portico.aws.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

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
    try {
      return new Yaml(new SafeConstructor(options)).load(Files.readString(file));
    } catch (MarkedYAMLException e) {
      String place =
          e.getProblemMark() == null ? "the file" : "line " + (e.getProblemMark().getLine() + 1);
      problems.add(new Problem(place, String.valueOf(e.getProblem())));
      return null;
    } catch (YAMLException | CharacterCodingException e) {
      problems.add(new Problem("the file", "is no text, or none that YAML may have"));
      return null;
    } catch (NoSuchFileException e) {
      problems.add(new Problem("the file", "is not there"));
      return null;
    } catch (IOException e) {
      String reason = Files.isDirectory(file) ? "is a folder" : "cannot be read: " + e.getMessage();
      problems.add(new Problem("the file", reason));
      return null;
    }
  }
}
