package dev.portico.content.settings;

import io.micronaut.json.tree.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The kind of host by which a deployment is asked for: its {@code portico.yml} may have keys that
 * hold there alone.
 *
 * @param kind {@code production}, {@code preview} or {@code alias}
 * @param alias of an alias, its name; null of others
 */
public record SettingsContext(String kind, @Nullable String alias) {
  /** The hosts of the site itself. */
  public static final SettingsContext PRODUCTION = new SettingsContext("production", null);

  /** The host of a deployment. */
  public static final SettingsContext PREVIEW = new SettingsContext("preview", null);

  static final String ALIASES = "aliases";

  private static final String PREFIX = "alias:";
  private static final Pattern ALIAS = Pattern.compile("(?=.{3,30}$)[a-z0-9]+(-[a-z0-9]+)*");

  /** The host of an alias. */
  public static SettingsContext alias(String name) {
    return new SettingsContext("alias", name);
  }

  /** What {@link #toString} has written; empty when it is none. */
  public static Optional<SettingsContext> parse(String text) {
    if (text.startsWith(PREFIX) && isAlias(text.substring(PREFIX.length()))) {
      return Optional.of(alias(text.substring(PREFIX.length())));
    }
    return switch (text) {
      case "production" -> Optional.of(PRODUCTION);
      case "preview" -> Optional.of(PREVIEW);
      default -> Optional.empty();
    };
  }

  /**
   * The kinds of hosts that keys can be for: those of the site, of previews, and of the aliases
   * that are named.
   *
   * @param scoped what {@link SettingsFile#CONTEXT} holds
   */
  static List<SettingsContext> all(JsonNode scoped) {
    List<SettingsContext> contexts = new ArrayList<>(List.of(PRODUCTION, PREVIEW));
    JsonNode aliases = scoped.get(ALIASES);
    if (aliases != null && aliases.isObject()) {
      aliases.entries().forEach(each -> contexts.add(alias(each.getKey())));
    }
    return contexts;
  }

  static boolean isAlias(String name) {
    return ALIAS.matcher(name).matches();
  }

  /**
   * The objects with keys for this kind of host, by their path in what holds them; later ones win
   * over earlier ones. The host of an alias is that of a preview too.
   *
   * @param scoped what {@link SettingsFile#CONTEXT} holds
   */
  Map<String, JsonNode> layers(JsonNode scoped) {
    var layers = new LinkedHashMap<String, JsonNode>();
    String name = equals(PRODUCTION) ? PRODUCTION.kind : PREVIEW.kind;
    add(layers, name, scoped.get(name));
    if (alias != null) {
      JsonNode aliases = scoped.get(ALIASES);
      boolean any = aliases != null && aliases.isObject();
      add(layers, ALIASES + '.' + alias, any ? aliases.get(alias) : null);
    }
    return layers;
  }

  private static void add(Map<String, JsonNode> layers, String path, @Nullable JsonNode layer) {
    if (layer != null && layer.isObject()) {
      layers.put(path, layer);
    }
  }

  /** {@code production}, {@code preview} or {@code alias:{name}}. */
  @Override
  public String toString() {
    return alias == null ? kind : PREFIX + alias;
  }
}
