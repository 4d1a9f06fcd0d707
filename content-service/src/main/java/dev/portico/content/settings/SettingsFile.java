package dev.portico.content.settings;

import dev.portico.content.error.FieldError;
import io.micronaut.json.tree.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a deployment's {@code portico.yml} says: top-level keys of a site's settings that take the
 * place of those that the site was given over the API, and such keys for some kinds of hosts alone
 * (docs/settings.md). Without values of header fields, which are secrets.
 */
public final class SettingsFile {
  /** Where it stands in a deployment. */
  public static final String PATH = "/portico.yml";

  /** What it is taken for by mistake: it would be published as any file, and its text with it. */
  public static final String MISNAMED = "/portico.yaml";

  /** Most bytes of it. */
  public static final int BYTES = 64 << 10;

  /** Of a deployment that has none. */
  public static final SettingsFile NONE = new SettingsFile(Map.of());

  /** The key of what holds for some kinds of hosts alone. */
  static final String CONTEXT = "context";

  private static final String FILE = PATH.substring(1);

  private final Map<String, JsonNode> members;

  private SettingsFile(Map<String, JsonNode> members) {
    this.members = Collections.unmodifiableMap(members);
  }

  /**
   * What was kept of a file that was right when its deployment was sealed.
   *
   * @param json as of {@link #json()}
   * @throws UncheckedIOException when it is damaged
   */
  public static SettingsFile of(String json) {
    try {
      return new SettingsFile(members(StoredSettings.parse(json.getBytes(StandardCharsets.UTF_8))));
    } catch (IOException e) {
      throw new UncheckedIOException("the settings kept of a deployment are damaged", e);
    }
  }

  /**
   * Reads a file by the rules of a document over the API, except that what it refers to may be in
   * keys that it leaves to the site's own settings, and that it may hold no secrets.
   *
   * @param yaml the file, at most {@link #BYTES}
   * @param environment what it is judged by
   * @param allowed what the site's owners allow
   * @param faults gets everything that is wrong with it, by {@code portico.yml:line:column}
   * @return what it says; of use only when there were no faults
   */
  public static SettingsFile parse(
      byte[] yaml,
      SettingsEnvironment environment,
      DeploymentSettings allowed,
      List<FieldError> faults) {
    Faults found = new Faults();
    YamlDocument document = YamlDocument.read(yaml, found);
    SettingsFile file = new SettingsFile(members(document.root()));
    if (found.all().isEmpty()) {
      new SettingsFileRules(file, environment, allowed, found).check(document.root());
      if (bytes(file.json()) > Limits.DOCUMENT_BYTES) {
        found.add("", "has more than " + Limits.DOCUMENT_BYTES + " bytes as JSON");
      }
    }
    for (FieldError each : found.all()) {
      String path = each.field();
      faults.add(
          new FieldError(
              FILE + ':' + document.place(path),
              path.isEmpty() ? each.reason() : path + ": " + each.reason()));
    }
    return file;
  }

  /** What is wrong with a file that is longer than it may be. */
  public static FieldError tooLong() {
    return new FieldError(FILE + ":1:1", "the file has more than " + BYTES + " bytes");
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** A key that is null says nothing, as one that is not there. */
  private static Map<String, JsonNode> members(JsonNode document) {
    var members = new LinkedHashMap<String, JsonNode>();
    if (document.isObject()) {
      document.entries().forEach(each -> members.put(each.getKey(), each.getValue()));
    }
    members.values().removeIf(JsonNode::isNull);
    return members;
  }

  /** Whether it says nothing for any host. */
  public boolean isEmpty() {
    return members.isEmpty();
  }

  /** The value of {@code context}; an empty object when there is none. */
  JsonNode contexts() {
    return members.getOrDefault(CONTEXT, JsonNode.createObjectNode(Map.of()));
  }

  /** What it says whatever the host is. */
  Map<String, JsonNode> base() {
    var base = new LinkedHashMap<>(members);
    base.remove(CONTEXT);
    return base;
  }

  /** What it says for a kind of host. */
  Map<String, JsonNode> in(SettingsContext context) {
    var all = base();
    context.layers(contexts()).values().forEach(layer -> all.putAll(members(layer)));
    return all;
  }

  /** The top-level keys that it owns for a kind of host, sorted. */
  public Set<String> keys(SettingsContext context) {
    return Collections.unmodifiableSet(new TreeSet<>(in(context).keySet()));
  }

  /** As it is kept. */
  public String json() {
    return StoredSettings.write(JsonNode.createObjectNode(members));
  }

  /** A document with what the file says for a kind of host in place of what it says. */
  JsonNode over(JsonNode document, SettingsContext context) {
    var merged = new LinkedHashMap<String, JsonNode>();
    document.entries().forEach(each -> merged.put(each.getKey(), each.getValue()));
    merged.putAll(in(context));
    return JsonNode.createObjectNode(merged);
  }
}
