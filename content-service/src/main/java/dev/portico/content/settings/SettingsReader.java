package dev.portico.content.settings;

import io.micronaut.json.tree.JsonNode;
import org.jspecify.annotations.Nullable;

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

  /** Reads the fields of a document. */
  static SettingsDocument read(Fields fields) {
    FileHandling files = fields.objectOrDefaults("files", FileHandling::read);
    return new SettingsDocument(
        fields.flag("immutableAssets", files.immutableAssets()),
        fields.wholeLong(
            "earlierAssetsSeconds",
            SettingsDocument.EARLIER_ASSETS_SECONDS,
            Limits.EARLIER_ASSETS_SECONDS),
        files,
        defaultRootObject(fields),
        fields.objects("origins", Limits.ORIGINS, OriginReader::read),
        fields.objects("cachePolicies", Limits.CACHE_POLICIES, CachePolicyReader::read),
        fields.objects(
            "originRequestPolicies",
            Limits.ORIGIN_REQUEST_POLICIES,
            OriginRequestPolicyReader::read),
        fields.objects(
            "responseHeadersPolicies",
            Limits.RESPONSE_HEADERS_POLICIES,
            ResponseHeadersPolicyReader::read),
        fields.objects("behaviours", Limits.BEHAVIOURS, BehaviourReader::read),
        fields.objectOrDefaults("defaultBehaviour", BehaviourReader::readDefault),
        fields.objectOrDefaults("api", ApiAccess::read),
        fields.objects("accessPolicies", Limits.ACCESS_POLICIES, AccessPolicyReader::read),
        fields.text("previewAccess"),
        fields.objects("publicKeys", Limits.PUBLIC_KEYS, AccessKeyReader::key),
        fields.objects("keyGroups", Limits.KEY_GROUPS, AccessKeyReader::group),
        fields.objectOrDefaults("signIn", SignIn::read),
        fields.objectOrDefaults(DeploymentSettings.KEY, DeploymentSettings::read));
  }

  /** CloudFront's, which has no slash before it. */
  private static @Nullable String defaultRootObject(Fields fields) {
    String object = fields.text("defaultRootObject");
    if (object != null
        && (object.isEmpty()
            || object.startsWith("/")
            || !OriginReader.isPath('/' + object, false))) {
      fields.fault(
          "defaultRootObject",
          "must be an encoded path of at most "
              + (Limits.PATH_LENGTH - 1)
              + " characters without a slash before it, dot segments and query");
    }
    return object;
  }
}
