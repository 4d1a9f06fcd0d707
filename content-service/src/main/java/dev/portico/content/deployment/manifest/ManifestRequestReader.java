package dev.portico.content.deployment.manifest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.portico.content.deployment.manifest.InvalidManifestException.Kind;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of a publication by digests as it arrives: {@code {"title"?, "revision"?, "files":
 * [{"path", "sha256", "size", "type"?}]}}. What is kept in memory is the files, not the document.
 */
public final class ManifestRequestReader {
  private static final int LONGEST_NAME_SHOWN = 60;

  private final ManifestLimits limits;

  /** Reads up to {@code limits}. */
  public ManifestRequestReader(ManifestLimits limits) {
    this.limits = limits;
  }

  /**
   * Reads the document to its end.
   *
   * @throws InvalidManifestException when it is not JSON, not of this shape, or describes what
   *     cannot be published
   * @throws IOException when the stream cannot be read
   */
  public ManifestRequest read(InputStream in) throws IOException {
    try (JsonParser json = ManifestJson.FACTORY.createParser(in)) {
      return read(json);
    } catch (StreamConstraintsException e) {
      throw new InvalidManifestException(
          Kind.TOO_LARGE,
          "",
          "a name or text of the JSON document is too long, or it is nested too deeply");
    } catch (JacksonException e) {
      throw malformed(e.getOriginalMessage(), e.getLocation());
    }
  }

  private ManifestRequest read(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw malformed("expected a JSON object", json.currentLocation());
    }
    ManifestBuilder files = new ManifestBuilder(limits);
    String title = null;
    String revision = null;
    boolean found = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "title" -> title = text(json, name);
        case "revision" -> revision = text(json, name);
        case "files" -> {
          found = true;
          readFiles(json, files);
        }
        default -> {
          files.fault(shown(name), "is unknown; there are title, revision, files");
          json.skipChildren();
        }
      }
    }
    if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
      throw malformed("the document does not end where it should", json.currentLocation());
    }
    if (!found) {
      throw new InvalidManifestException(Kind.INVALID, "files", "is required");
    }
    return new ManifestRequest(title, revision, files.build(), files.given());
  }

  private static void readFiles(JsonParser json, ManifestBuilder files) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw new InvalidManifestException(Kind.INVALID, "files", "must be an array");
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() == null) {
        throw malformed("the document ends within files", json.currentLocation());
      }
      if (json.currentToken() != JsonToken.START_OBJECT) {
        files.faultOfNext("", "must be an object");
        files.skip(null, null);
        json.skipChildren();
        continue;
      }
      readFile(json, files);
    }
  }

  private static void readFile(JsonParser json, ManifestBuilder files) throws IOException {
    String path = null;
    String sha256 = null;
    String type = null;
    long size = -1;
    boolean sized = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken token = json.nextToken();
      switch (name) {
        case "path" -> path = token == JsonToken.VALUE_STRING ? json.getText() : null;
        case "sha256" -> sha256 = token == JsonToken.VALUE_STRING ? json.getText() : null;
        case "type" -> {
          type = token == JsonToken.VALUE_STRING ? json.getText() : null;
          if (type == null && token != JsonToken.VALUE_NULL) {
            files.faultOfNext(name, "must be text");
          }
        }
        case "size" -> {
          sized =
              token == JsonToken.VALUE_NUMBER_INT
                  && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
          size = sized ? json.getLongValue() : -1;
        }
        default -> files.faultOfNext(shown(name), "is unknown; there are path, sha256, size, type");
      }
      json.skipChildren();
    }
    if (path == null || sha256 == null || !sized) {
      if (path == null) {
        files.faultOfNext("path", "is required, as text");
      }
      if (sha256 == null) {
        files.faultOfNext("sha256", "is required, as text");
      }
      if (!sized) {
        files.faultOfNext("size", "is required, as a whole number of bytes");
      }
      files.skip(path, sha256);
      return;
    }
    files.add(path, sha256, size, type);
  }

  private static String shown(String name) {
    return name.substring(0, Math.min(name.length(), LONGEST_NAME_SHOWN));
  }

  private static @Nullable String text(JsonParser json, String name) throws IOException {
    JsonToken token = json.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token != JsonToken.VALUE_STRING) {
      throw new InvalidManifestException(Kind.INVALID, name, "must be text");
    }
    return json.getText();
  }

  private static InvalidManifestException malformed(String what, @Nullable JsonLocation at) {
    String where =
        at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    return new InvalidManifestException(Kind.MALFORMED, "", what + where);
  }
}
