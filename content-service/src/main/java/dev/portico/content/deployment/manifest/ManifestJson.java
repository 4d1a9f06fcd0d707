package dev.portico.content.deployment.manifest;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
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
   * Writes a manifest and leaves {@code out} open.
   *
   * @param sealedAt when the deployment was sealed; null while it is not
   */
  public static void write(Manifest manifest, @Nullable Instant sealedAt, OutputStream out)
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
      json.writeEndObject();
    }
  }
}
