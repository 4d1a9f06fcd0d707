package dev.portico.content.settings;

import io.micronaut.json.tree.JsonNode;

/** Reads a whole document, filling in what it leaves to the defaults. */
final class SettingsReader {
  private SettingsReader() {}

  /**
   * Reads what was sent, or was stored. Whatever is at fault reads as its default, so that a stored
   * document can be read by an earlier release than the one that accepted it.
   *
   * @param faults gets what is wrong with single fields; how they go together is for {@link
   *     SettingsRules}
   */
  static SettingsDocument read(JsonNode document, Faults faults) {
    return Fields.read("", document, faults, SettingsReader::read);
  }

  private static SettingsDocument read(Fields fields) {
    return new SettingsDocument(
        fields.flag("immutableAssets", true),
        fields.objects("origins", Limits.ORIGINS, OriginReader::read),
        fields.objects("cachePolicies", Limits.CACHE_POLICIES, CachePolicyReader::read),
        fields.objects("behaviours", Limits.BEHAVIOURS, BehaviourReader::read),
        fields.objectOrDefaults("defaultBehaviour", BehaviourReader::readDefault));
  }
}
