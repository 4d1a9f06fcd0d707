package dev.portico.content.settings;

import dev.portico.content.error.FieldError;
import dev.portico.content.settings.Origin.Header;
import io.micronaut.json.tree.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges a {@code portico.yml}: what it says whatever the host is, and that together with what it
 * says for each kind of host.
 */
final class SettingsFileRules {
  private final SettingsFile file;
  private final SettingsEnvironment environment;
  private final DeploymentSettings allowed;
  private final Faults faults;

  SettingsFileRules(
      SettingsFile file,
      SettingsEnvironment environment,
      DeploymentSettings allowed,
      Faults faults) {
    this.file = file;
    this.environment = environment;
    this.allowed = allowed;
    this.faults = faults;
  }

  /**
   * Notes every fault.
   *
   * @param root the whole file
   */
  void check(JsonNode root) {
    SettingsReader.read(root.isObject() ? base(root) : root, faults);
    List<SettingsContext> contexts =
        Fields.read(SettingsFile.CONTEXT, file.contexts(), faults, SettingsFileRules::contexts);
    var told = new LinkedHashSet<>(together(file.base()));
    told.forEach(each -> faults.add(each.field(), each.reason()));
    for (SettingsContext context : contexts) {
      together(file.in(context)).forEach(each -> tell(context, each, told));
    }
  }

  /** Nulls included: the name of one may be misspelled. */
  private static JsonNode base(JsonNode root) {
    var members = new LinkedHashMap<String, JsonNode>();
    root.entries().forEach(each -> members.put(each.getKey(), each.getValue()));
    members.remove(SettingsFile.CONTEXT);
    return JsonNode.createObjectNode(members);
  }

  /** Notes the faults of what holds for kinds of hosts alone, and answers these. */
  private static List<SettingsContext> contexts(Fields fields) {
    List<SettingsContext> contexts = new ArrayList<>();
    contexts.add(SettingsContext.PRODUCTION);
    contexts.add(SettingsContext.PREVIEW);
    fields.object(SettingsContext.PRODUCTION.kind(), SettingsReader::read);
    fields.object(SettingsContext.PREVIEW.kind(), SettingsReader::read);
    fields.named(
        SettingsContext.ALIASES,
        Limits.CONTEXT_ALIASES,
        name -> {
          contexts.add(SettingsContext.alias(name));
          return SettingsContext.isAlias(name)
              ? null
              : "is no alias, which has 3 to 30 lower-case letters, digits and single hyphens";
        },
        SettingsReader::read);
    return contexts;
  }

  /** What is wrong with how keys go together, or should not be in a file. */
  private List<FieldError> together(Map<String, JsonNode> keys) {
    Faults found = new Faults();
    SettingsDocument read = SettingsReader.read(JsonNode.createObjectNode(keys), new Faults());
    SettingsRules.checkPart(read, keys.keySet(), environment, found);
    allowed.refusals(keys.keySet()).forEach(each -> found.add(each.field(), each.reason()));
    refuseSecrets(read, found);
    if (keys.containsKey("api")) {
      found.add(
          "api",
          "cannot stand here: who may publish would have pages call Portico's API on account of"
              + " their viewers; give it over the API");
    }
    return found.all();
  }

  private static void refuseSecrets(SettingsDocument document, Faults found) {
    for (int i = 0; i < document.accessPolicies().size(); i++) {
      AccessPolicy.Password password = document.accessPolicies().get(i).password();
      if (password != null && password.value() != null) {
        found.add(
            "accessPolicies[" + i + "].password.value",
            "cannot stand here, since it is a secret: leave it out here, and give it for an access"
                + " policy of the same id over the API");
      }
    }
    for (int i = 0; i < document.origins().size(); i++) {
      List<Header> headers = document.origins().get(i).headers();
      for (int j = 0; j < headers.size(); j++) {
        if (headers.get(j).value() != null) {
          found.add(
              "origins[" + i + "].headers[" + j + "].value",
              "cannot stand here, since it may be a secret: name the field here, and give its value"
                  + " for the same origin over the API");
        }
      }
    }
  }

  /** By the path where the key stands that is at fault, once. */
  private void tell(SettingsContext context, FieldError fault, Set<FieldError> told) {
    String layer = layer(context, fault.field());
    String path =
        layer == null ? fault.field() : SettingsFile.CONTEXT + '.' + layer + '.' + fault.field();
    if (told.add(new FieldError(path, fault.reason()))) {
      faults.add(path, layer == null ? fault.reason() + " in context " + context : fault.reason());
    }
  }

  /** The path below {@code context} of what gives this kind of host a key; null: nothing does. */
  private @Nullable String layer(SettingsContext context, String path) {
    String key = path.split("[.\\[]", 2)[0];
    @Nullable String found = null;
    for (Map.Entry<String, JsonNode> layer : context.layers(file.contexts()).entrySet()) {
      JsonNode value = layer.getValue().get(key);
      if (value != null && !value.isNull()) {
        found = layer.getKey();
      }
    }
    return found;
  }
}
