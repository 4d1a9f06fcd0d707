package dev.portico.content.settings;

import static dev.portico.content.settings.KeySelection.MODE_ALL;
import static dev.portico.content.settings.KeySelection.MODE_ALL_EXCEPT;
import static dev.portico.content.settings.KeySelection.MODE_NONE;
import static dev.portico.content.settings.KeySelection.MODE_ONLY;

import dev.portico.content.error.FieldError;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which keys of the settings a deployment's {@code portico.yml} may have: who holds a deploy token
 * can publish such a file, and owners alone change this.
 *
 * @param mode {@code all}, {@code only} the names, {@code all-except} the names, or {@code none}
 * @param names top-level keys of the settings
 */
@Serdeable
public record DeploymentSettings(
    @Schema(
            requiredMode = RequiredMode.NOT_REQUIRED,
            type = "string",
            defaultValue = "all",
            allowableValues = {"all", "only", "all-except", "none"})
        String mode,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<String> names) {
  /** A file may have every key but this. */
  public static final DeploymentSettings ALL = new DeploymentSettings(MODE_ALL, List.of());

  private static final DeploymentSettings NONE = new DeploymentSettings(MODE_NONE, List.of());

  /** The key of these themselves, which no file can have. */
  static final String KEY = "deploymentSettings";

  /** What a file can have, in the order of a document. */
  static final List<String> KEYS =
      Stream.of(SettingsDocument.class.getRecordComponents())
          .map(RecordComponent::getName)
          .filter(name -> !name.equals(KEY))
          .toList();

  /** The key of the rules about access. */
  private static final String RULES = "accessPolicies";

  /**
   * What decides besides {@link #RULES} who may have what: which rule is for which path, and more.
   */
  private static final Set<String> ACCESS =
      Set.of(
          "origins", "behaviours", "defaultBehaviour", "previewAccess", "publicKeys", "keyGroups");

  private static final List<String> MODES =
      List.of(MODE_ALL, MODE_ONLY, MODE_ALL_EXCEPT, MODE_NONE);

  /** Keeps an unmodifiable copy. */
  public DeploymentSettings {
    names = List.copyOf(names);
  }

  /** What is not understood, as when a later release wrote it, allows nothing. */
  static DeploymentSettings read(Fields fields) {
    @Nullable String mode = fields.wordIfRight("mode", MODES);
    @Nullable List<String> names = fields.textsIfRight("names", KEYS.size());
    if (names == null) {
      return NONE;
    }
    for (int i = 0; i < names.size(); i++) {
      if (!KEYS.contains(names.get(i))) {
        fields.fault("names[" + i + ']', "must be one of " + String.join(", ", KEYS));
      } else if (names.indexOf(names.get(i)) < i) {
        fields.fault("names[" + i + ']', "is there twice");
      }
    }
    if (mode == null) {
      return NONE;
    }
    boolean named = mode.equals(MODE_ONLY) || mode.equals(MODE_ALL_EXCEPT);
    if (named == names.isEmpty()) {
      fields.fault("names", named ? "must name something with this mode" : "needs a mode for it");
      return NONE;
    }
    return new DeploymentSettings(mode, names);
  }

  /**
   * What a file may have where not everyone may have everything: who is not to write the rules must
   * not take them from a path, or have others decide, either.
   */
  DeploymentSettings keepingAccess() {
    return allows(RULES)
        ? this
        : switch (mode) {
          case MODE_ONLY -> of(names.stream().filter(name -> !ACCESS.contains(name)).toList());
          case MODE_ALL_EXCEPT ->
              new DeploymentSettings(
                  mode,
                  KEYS.stream()
                      .filter(name -> names.contains(name) || ACCESS.contains(name))
                      .toList());
          default -> this;
        };
  }

  private static DeploymentSettings of(List<String> only) {
    return only.isEmpty() ? NONE : new DeploymentSettings(MODE_ONLY, only);
  }

  private boolean allows(String key) {
    return switch (mode) {
      case MODE_ALL -> true;
      case MODE_ONLY -> names.contains(key);
      case MODE_ALL_EXCEPT -> !names.contains(key);
      default -> false;
    };
  }

  /**
   * What is wrong with keys of a file.
   *
   * @param keys top-level keys of the settings; what is none of these is not judged
   */
  List<FieldError> refusals(Set<String> keys) {
    List<FieldError> refusals = new ArrayList<>();
    for (String key : keys) {
      if (key.equals(KEY)) {
        refusals.add(
            new FieldError(key, "cannot stand in portico.yml; owners give it over the API"));
      } else if (KEYS.contains(key) && !allows(key)) {
        refusals.add(new FieldError(key, "cannot stand in portico.yml of this site: " + rule(key)));
      }
    }
    return refusals;
  }

  private String rule(String key) {
    return "its deploymentSettings allow "
        + switch (mode) {
          case MODE_ONLY -> "only " + String.join(", ", names);
          case MODE_ALL_EXCEPT -> "all except " + String.join(", ", names);
          default -> mode;
        }
        + (ACCESS.contains(key) && !mode.equals(MODE_NONE) && !allows(RULES)
            ? " (where access is restricted, this needs " + RULES + " besides)"
            : "");
  }
}
