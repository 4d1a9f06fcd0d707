package dev.portico.content.deployment.manifest;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.portico.content.deployment.rules.HeaderRule;
import dev.portico.content.deployment.rules.RedirectRule;
import dev.portico.content.deployment.rules.SiteRules;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of a manifest, as it is stored and as gateways read it ({@code
 * deploy/contracts/manifest.json}).
 */
public final class ManifestJson {
  /** Version of the form; a reader refuses a greater one. */
  static final int VERSION = 1;

  private static final int MAX_TEXT = 16 * 1024;

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          // Paths of files are not field names worth remembering for the life of the process.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(MAX_TEXT)
                  .maxNameLength(1024)
                  .maxNestingDepth(16)
                  .maxNumberLength(32)
                  .build())
          .build();

  /** Reads a part of the files, which ends with a comma. */
  static final JsonFactory PART =
      FACTORY.rebuild().enable(JsonReadFeature.ALLOW_TRAILING_COMMA).build();

  private ManifestJson() {}

  /**
   * Writes a manifest and leaves {@code out} open. The rules come last: whoever wants files, or
   * some of them, does not read over thousands of rules.
   *
   * @param sealedAt when the deployment was sealed; null while it is not
   * @param rules what its {@code _redirects} and {@code _headers} say
   */
  public static void write(
      Manifest manifest, @Nullable Instant sealedAt, SiteRules rules, OutputStream out)
      throws IOException {
    try (JsonGenerator json = FACTORY.createGenerator(out, JsonEncoding.UTF8)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      json.writeNumberField("version", VERSION);
      json.writeStringField("deployment", manifest.id());
      if (sealedAt != null) {
        json.writeStringField("sealedAt", sealedAt.toString());
      }
      json.writeArrayFieldStart("files");
      for (ManifestFile file : manifest.files()) {
        json.writeStartObject();
        json.writeStringField("path", file.path());
        json.writeStringField("sha256", file.sha256());
        json.writeNumberField("size", file.size());
        json.writeStringField("type", file.type());
        json.writeEndObject();
      }
      json.writeEndArray();
      if (!rules.isEmpty()) {
        writeRules(rules, json);
      }
      json.writeEndObject();
    }
  }

  private static void writeRules(SiteRules rules, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("rules");
    json.writeArrayFieldStart("redirects");
    for (RedirectRule rule : rules.redirects()) {
      writeRedirect(rule, json);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("headers");
    for (HeaderRule rule : rules.headers()) {
      json.writeStartObject();
      json.writeNumberField("line", rule.line());
      writeText("host", rule.host(), json);
      json.writeStringField("path", rule.path());
      json.writeArrayFieldStart("fields");
      for (HeaderRule.Field field : rule.fields()) {
        json.writeStartObject();
        json.writeStringField("name", field.name());
        json.writeStringField("value", field.value()); // null where the field is removed
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** What a rule does not say is left out: there may be 10,000 of them. */
  private static void writeRedirect(RedirectRule rule, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("line", rule.line());
    writeText("scheme", rule.scheme(), json);
    writeText("host", rule.host(), json);
    json.writeStringField("path", rule.path());
    if (!rule.query().isEmpty()) {
      json.writeObjectFieldStart("query");
      for (Map.Entry<String, String> each : rule.query().entrySet()) {
        json.writeStringField(each.getKey(), each.getValue());
      }
      json.writeEndObject();
    }
    writeText("to", rule.to(), json);
    json.writeNumberField("status", rule.status());
    if (rule.impliedStatus()) {
      json.writeBooleanField("impliedStatus", true);
    }
    if (rule.force()) {
      json.writeBooleanField("force", true);
    }
    writeTexts("languages", rule.languages(), json);
    writeTexts("cookies", rule.cookies(), json);
    writeTexts("roles", rule.roles(), json);
    writeTexts("contexts", rule.contexts(), json);
    json.writeEndObject();
  }

  private static void writeText(String name, @Nullable String value, JsonGenerator json)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  private static void writeTexts(String name, List<String> values, JsonGenerator json)
      throws IOException {
    if (!values.isEmpty()) {
      json.writeArrayFieldStart(name);
      for (String value : values) {
        json.writeString(value);
      }
      json.writeEndArray();
    }
  }
}
