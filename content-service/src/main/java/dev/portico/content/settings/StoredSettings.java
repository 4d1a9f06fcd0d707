package dev.portico.content.settings;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.portico.content.error.FieldError;
import dev.portico.content.error.Problem;
import dev.portico.content.request.JsonDocument;
import io.micronaut.jackson.core.tree.JsonNodeTreeCodec;
import io.micronaut.json.tree.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Settings as they are kept: the document as it was given, without defaults, so that these can
 * improve, and without its secrets, which are beside it.
 */
public final class StoredSettings {
  /** What says which paths rules are for. */
  private static final Pattern PATHS = Pattern.compile("^(behaviours|defaultBehaviour)\\b");

  private static final Pattern ACCESS =
      Pattern.compile("^(accessPolicies|publicKeys|keyGroups|previewAccess)|\\.accessPolicy$|^$");

  /** Characters of one text of a document. */
  static final int LONGEST_TEXT = 16 * 1024;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(LONGEST_TEXT)
                  .maxNameLength(1024)
                  .maxNestingDepth(16)
                  .maxNumberLength(32)
                  .build())
          .build();

  private final String json;
  private final SettingsDocument document;
  private final SettingsSecrets secrets;

  private StoredSettings(String json, SettingsDocument document, SettingsSecrets secrets) {
    this.json = json;
    this.document = document;
    this.secrets = secrets;
  }

  /** The settings of a site that was never given any, but for this one. */
  public static StoredSettings none(boolean immutableAssets) {
    return new StoredSettings(
        immutableAssets ? "{}" : "{\"immutableAssets\":false}",
        SettingsDocument.defaults(immutableAssets),
        SettingsSecrets.NONE);
  }

  /**
   * What was stored, read leniently: it was right when it was accepted.
   *
   * @param json as of {@link #json()}
   * @param secrets as of {@link #secrets()}
   * @throws UncheckedIOException when it is damaged
   */
  public static StoredSettings of(String json, Map<String, String> secrets) {
    return new StoredSettings(
        json, SettingsReader.read(node(json), new Faults()), new SettingsSecrets(secrets));
  }

  private static JsonNode node(String json) {
    try {
      return parse(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("stored settings are damaged", e);
    }
  }

  /**
   * What takes the place of these settings.
   *
   * @param request the whole new document as JSON, in UTF-8
   * @param environment what it is judged by
   * @throws Problem 400 naming everything that is wrong with it, 413 when it is too large
   */
  public StoredSettings replacedBy(byte[] request, SettingsEnvironment environment) {
    JsonNode given = parseRequest(request);
    Faults faults = new Faults();
    SettingsDocument read = SettingsReader.read(given, faults);
    SettingsRules.check(read, environment, faults);
    SettingsSecrets.checkFilled(secrets.fill(read), faults, SettingsSecrets.UNKNOWN);
    faults.refuse();
    SettingsDocument filled = secrets.fill(secrets.hashed(read));
    String kept = write(withoutSecrets(given));
    SettingsSecrets values = SettingsSecrets.of(filled);
    int bytes = kept.getBytes(StandardCharsets.UTF_8).length + values.bytes();
    if (bytes > Limits.DOCUMENT_BYTES) {
      throw Problem.tooLarge(
          "The settings have "
              + bytes
              + " bytes, values of header fields included; at most "
              + Limits.DOCUMENT_BYTES
              + " can be stored.");
    }
    return new StoredSettings(kept, SettingsSecrets.hide(read), values);
  }

  /**
   * What takes the place of these settings when earlier ones are restored. Values of header fields
   * are today's where there are any, since they may have been replaced for a reason.
   *
   * @param earlier the settings to go back to
   * @param environment what they are judged by now
   * @throws Problem 400 naming everything that is wrong with them by today's rules
   */
  public StoredSettings restored(StoredSettings earlier, SettingsEnvironment environment) {
    SettingsSecrets known = secrets.over(earlier.secrets);
    return new StoredSettings(json, document, known)
        .replacedBy(earlier.json.getBytes(StandardCharsets.UTF_8), environment);
  }

  /**
   * What holds where a deployment is shown: these settings, with what its file says for that kind
   * of host in place of theirs, and their values of header fields for the same servers, asked no
   * less carefully for no other paths.
   */
  public StoredSettings with(SettingsFile file, SettingsContext context) {
    if (file.keys(context).isEmpty()) {
      return this;
    }
    StoredSettings merged = of(write(file.over(node(json), context)), Map.of());
    return new StoredSettings(
        merged.json,
        merged.document,
        file.keys(context).contains("origins")
            ? secrets.lent(document.origins(), merged.document.origins())
            : secrets);
  }

  /**
   * What a file may have instead of these settings: where they restrict access, what decides of it
   * only together with the rules.
   */
  public DeploymentSettings deploymentSettings() {
    DeploymentSettings given = document.deploymentSettings();
    return document.restrictsAccess() ? given.keepingAccess() : given;
  }

  /** What a file has for a kind of host that these settings do not let it have, by path. */
  public List<FieldError> refusals(SettingsFile file, SettingsContext context) {
    return deploymentSettings().refusals(file.keys(context));
  }

  /** Everything that is wrong with these settings by today's rules, by path. */
  public List<FieldError> faults(SettingsEnvironment environment) {
    Faults faults = new Faults();
    SettingsDocument read = SettingsReader.read(node(json), faults);
    SettingsRules.check(read, environment, faults);
    SettingsSecrets.checkFilled(secrets.fill(read), faults, SettingsSecrets.UNKNOWN_WITH_FILE);
    return faults.all();
  }

  /** What these settings name that they do not have, and what of it has no value, by path. */
  public List<FieldError> gaps(SettingsEnvironment environment) {
    Faults faults = new Faults();
    SettingsRules.checkReferences(document, environment, faults);
    SettingsSecrets.checkFilled(secrets.fill(document), faults, SettingsSecrets.UNKNOWN_WITH_FILE);
    return faults.all();
  }

  /**
   * Whether something about access is not understood, as when a later release wrote it: read as its
   * default, it would let in whom it was to keep out.
   */
  public boolean unclearAccess() {
    Faults faults = new Faults();
    SettingsReader.read(node(json), faults);
    boolean restricts = json.contains("\"accessPolicy\"") || json.contains("\"previewAccess\"");
    return faults.all().stream()
        .map(FieldError::field)
        .anyMatch(
            field -> ACCESS.matcher(field).find() || (restricts && PATHS.matcher(field).find()));
  }

  /** The ids of the policies of others that these settings name: those that sites share. */
  public Set<String> sharedPolicies() {
    return PolicyReferences.shared(document);
  }

  /**
   * The Cognito groups that rules about access name: those of these settings, and those that hold
   * for any kind of host where a deployment is shown.
   *
   * @param file the deployment's
   */
  public Set<String> namedGroups(SettingsFile file) {
    Set<String> named = new TreeSet<>(document.namedGroups());
    for (SettingsContext context : SettingsContext.all(file.contexts())) {
      named.addAll(with(file, context).document.namedGroups());
    }
    return named;
  }

  /** The document as it is kept. */
  public String json() {
    return json;
  }

  /**
   * The names of a document's fields, in order, in which other settings mean something else,
   * whatever either spells out.
   */
  public Set<String> differences(StoredSettings others) {
    Set<String> differing = SettingsDocument.differences(shown(), others.shown());
    differing.addAll(secrets.differences(others.secrets));
    return differing;
  }

  /** The values of header fields, by origin, server and field: never to be shown or logged. */
  public Map<String, String> secrets() {
    return secrets.values();
  }

  /** What the API shows: every default filled in, no value of a header field. */
  public SettingsDocument shown() {
    return SettingsSecrets.hide(document);
  }

  /**
   * What a snapshot carries: with the values of header fields, every reference resolved but those
   * to policies that sites share, without what nothing refers to.
   */
  public SettingsDocument compiled() {
    return SettingsCompiler.compile(secrets.fill(document));
  }

  static JsonNode parseRequest(byte[] request) {
    try {
      return parse(request);
    } catch (JsonProcessingException e) {
      throw JsonDocument.malformed(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode parse(byte[] json) throws IOException {
    return JsonDocument.read(JSON.createParser(json));
  }

  static String write(JsonNode node) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator generator = JSON.createGenerator(out)) {
      JsonNodeTreeCodec.getInstance().writeTree(generator, node);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Without {@code origins[*].headers[*].value} and {@code accessPolicies[*].password.value}. */
  private static JsonNode withoutSecrets(JsonNode document) {
    UnaryOperator<JsonNode> origin =
        each -> change(each, "headers", headers -> eachOf(headers, StoredSettings::withoutValue));
    UnaryOperator<JsonNode> policy = each -> change(each, "password", StoredSettings::withoutValue);
    return change(
        change(document, "origins", origins -> eachOf(origins, origin)),
        "accessPolicies",
        policies -> eachOf(policies, policy));
  }

  private static JsonNode withoutValue(JsonNode object) {
    var members = members(object);
    members.remove("value");
    return JsonNode.createObjectNode(members);
  }

  private static JsonNode change(JsonNode object, String name, UnaryOperator<JsonNode> change) {
    var members = members(object);
    members.computeIfPresent(name, (key, value) -> value.isNull() ? value : change.apply(value));
    return JsonNode.createObjectNode(members);
  }

  private static Map<String, JsonNode> members(JsonNode object) {
    var members = new LinkedHashMap<String, JsonNode>();
    object.entries().forEach(member -> members.put(member.getKey(), member.getValue()));
    return members;
  }

  private static JsonNode eachOf(JsonNode array, UnaryOperator<JsonNode> change) {
    List<JsonNode> elements = new ArrayList<>();
    array.values().forEach(element -> elements.add(change.apply(element)));
    return JsonNode.createArrayNode(elements);
  }
}
