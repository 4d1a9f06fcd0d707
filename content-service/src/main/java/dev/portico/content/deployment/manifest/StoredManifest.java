package dev.portico.content.deployment.manifest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stored manifest, read file by file: whoever wants one file of a million keeps one in memory.
 * Closing it closes the stream.
 */
public final class StoredManifest implements Closeable {
  private final InputStream in;
  private final JsonParser json;
  private final Map<String, String> types = new HashMap<>();
  private @Nullable String deployment;
  private @Nullable Instant sealedAt;
  private long position;

  /**
   * Reads up to the first file.
   *
   * @throws IOException when the stream cannot be read or does not hold a manifest
   * @throws IllegalStateException when what is stored is damaged
   */
  public StoredManifest(InputStream in) throws IOException {
    this.in = in;
    this.json = ManifestJson.FACTORY.createParser(in);
    try {
      readHeader();
    } catch (JacksonException e) {
      throw damaged(e);
    }
  }

  private StoredManifest(InputStream in, JsonParser json) {
    this.in = in;
    this.json = json;
  }

  /**
   * Reads a part of what is stored: some files, one after the other. It begins where a file does,
   * and ends at the end or before a file.
   */
  public static StoredManifest part(InputStream in) throws IOException {
    var bracket = new ByteArrayInputStream(new byte[] {'['});
    var end = new ByteArrayInputStream(new byte[] {']'});
    var array = new SequenceInputStream(new SequenceInputStream(bracket, in), end);
    JsonParser json = ManifestJson.PART.createParser(array);
    json.nextToken();
    return new StoredManifest(in, json);
  }

  /** Where the file that was read last begins, in bytes from the start of what is stored. */
  public long position() {
    return position;
  }

  /** The deployment's id. */
  public String deployment() {
    if (deployment == null) {
      throw new IllegalStateException("the stored manifest does not say whose it is");
    }
    return deployment;
  }

  /** When the deployment was sealed; null in a manifest still waiting for its files. */
  public @Nullable Instant sealedAt() {
    return sealedAt;
  }

  /**
   * The next file in order of paths, or null after the last.
   *
   * @throws IllegalStateException when what is stored is damaged
   */
  public @Nullable ManifestFile next() throws IOException {
    try {
      return read();
    } catch (JacksonException e) {
      throw damaged(e);
    }
  }

  /** Not to be mistaken for faults of a request's JSON. */
  private static IllegalStateException damaged(JacksonException e) {
    return new IllegalStateException("a stored manifest is damaged", e);
  }

  private @Nullable ManifestFile read() throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      return null;
    }
    position = json.currentTokenLocation().getByteOffset();
    String path = "";
    String sha256 = "";
    String type = MediaTypes.UNKNOWN;
    long size = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "path" -> path = json.getText();
        case "sha256" -> sha256 = json.getText();
        case "size" -> size = json.getLongValue();
        case "type" -> type = types.computeIfAbsent(json.getText(), t -> t);
        default -> json.skipChildren();
      }
    }
    return new ManifestFile(path, sha256, size, type);
  }

  /** What is left, as a whole manifest. */
  public Manifest readAll() throws IOException {
    List<ManifestFile> files = new ArrayList<>();
    for (ManifestFile file = next(); file != null; file = next()) {
      files.add(file);
    }
    return new Manifest(files);
  }

  @Override
  public void close() throws IOException {
    json.close();
    in.close();
  }

  private void readHeader() throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("not a manifest");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "version" -> {
          if (json.getIntValue() > ManifestJson.VERSION) {
            throw new IOException(
                "manifest of version " + json.getIntValue() + ", newer than this service");
          }
        }
        case "deployment" -> deployment = json.getText();
        case "sealedAt" -> sealedAt = Instant.parse(json.getText());
        case "files" -> {
          return;
        }
        default -> json.skipChildren();
      }
    }
    throw new IOException("a manifest without files");
  }
}
