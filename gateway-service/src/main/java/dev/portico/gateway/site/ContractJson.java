package dev.portico.gateway.site;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.portico.gateway.access.rule.Role;
import dev.portico.gateway.control.Controls;
import dev.portico.gateway.routing.BlobDigest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and writes the JSON of deploy/contracts token by token: a manifest may be larger than what
 * should be held as text. Fields that are not known are skipped.
 */
final class ContractJson {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Logger LOG = LoggerFactory.getLogger(ContractJson.class);

  /** What a site may require of a gateway; one that requires more is served to nobody. */
  private static final Set<String> UNDERSTOOD = Set.of("access");

  private ContractJson() {}

  /** One field of an object: called when its name has been read and the parser is at its value. */
  interface Field {
    void read(String name, JsonParser json) throws IOException;
  }

  /** What is in an object that is written. */
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  /** An object with these fields. */
  static byte[] written(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Writes deploy/contracts/changes-request.json. */
  static byte[] changesRequest(ChangesQuestion question) {
    return written(
        json -> {
          json.writeStringField("gateway", question.gateway());
          if (question.version() != null) {
            json.writeStringField("version", question.version());
          }
          json.writeNumberField("after", question.after());
          if (question.mark() != null) {
            json.writeStringField("mark", question.mark());
          }
          json.writeBooleanField("invalidates", true);
          json.writeNumberField("waitMillis", question.longest().toMillis());
          json.writeObjectFieldStart("counters");
          for (Map.Entry<String, Long> counter : question.counters().entrySet()) {
            json.writeNumberField(counter.getKey(), counter.getValue());
          }
          json.writeEndObject();
        });
  }

  /** Reads deploy/contracts/changes-response.json. */
  static Changes changes(InputStream body) throws IOException {
    ChangesJson draft = new ChangesJson();
    document(body, draft);
    return draft.finish();
  }

  /** Reads deploy/contracts/controls.json. */
  static Controls controls(InputStream body) throws IOException {
    ControlsJson draft = new ControlsJson();
    try {
      document(body, draft);
      return draft.finish();
    } catch (IllegalArgumentException e) {
      throw new IOException("invalid controls: " + e.getMessage(), e);
    }
  }

  /**
   * Reads deploy/contracts/snapshots-page.json. One site that cannot be served must not keep the
   * others from it.
   */
  static SnapshotsPage page(InputStream body) throws IOException {
    long[] position = {-1};
    @Nullable String[] mark = {null};
    @Nullable String[] next = {null};
    List<SiteSnapshot> sites = new ArrayList<>();
    List<SnapshotsPage.Faulty> faulty = new ArrayList<>();
    // All of it first: a lost connection is not what a site is blamed for.
    document(
        new ByteArrayInputStream(body.readAllBytes()),
        (name, json) -> {
          switch (name) {
            case "position" -> position[0] = json.getLongValue();
            case "mark" -> mark[0] = text(json);
            case "next" -> next[0] = text(json);
            case "sites" -> array(json, () -> readSite(json, sites, faulty));
            case "damaged" -> array(json, () -> faulty.add(readDamaged(json)));
            default -> json.skipChildren();
          }
        });
    if (position[0] < 0) {
      throw new IOException("a page of snapshots without a position");
    }
    return new SnapshotsPage(position[0], mark[0], sites, faulty, next[0]);
  }

  private static void readSite(
      JsonParser json, List<SiteSnapshot> sites, List<SnapshotsPage.Faulty> faulty)
      throws IOException {
    byte[] site = copy(json);
    try {
      sites.add(snapshot(new ByteArrayInputStream(site)));
    } catch (IOException | IllegalArgumentException e) {
      faulty.add(readFaulty(new ByteArrayInputStream(site), e.toString()));
    }
  }

  private static SnapshotsPage.Faulty readDamaged(JsonParser json) throws IOException {
    return readFaulty(new ByteArrayInputStream(copy(json)), "content-service cannot read it");
  }

  /** The value that the parser is at, by itself: whatever is in it, the parser stands behind it. */
  private static byte[] copy(JsonParser json) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator copy = JSON.createGenerator(bytes)) {
      copy.copyCurrentStructure(json);
    }
    return bytes.toByteArray();
  }

  /** No more of a site than its name and its hosts. */
  private static SnapshotsPage.Faulty readFaulty(InputStream body, String reason)
      throws IOException {
    @Nullable String[] site = {null};
    List<String> hosts = new ArrayList<>();
    document(
        body,
        (name, json) -> {
          if (name.equals("site")) {
            site[0] = text(json);
          } else if (name.equals("hosts") && json.currentToken() == JsonToken.START_ARRAY) {
            array(json, () -> hosts.add(json.getText()));
          } else {
            json.skipChildren();
          }
        });
    if (site[0] == null) {
      throw new IOException("a snapshot without site: " + reason);
    }
    return new SnapshotsPage.Faulty(site[0], hosts, reason);
  }

  /** Reads deploy/contracts/snapshot.json. */
  static SiteSnapshot snapshot(InputStream body) throws IOException {
    // All of it first: a lost connection is not what a site is closed for.
    try (JsonParser json = JSON.createParser(body.readAllBytes())) {
      json.nextToken();
      return readSnapshot(json);
    }
  }

  /** Reads deploy/contracts/preview-settings.json. */
  static SiteSettings previewSettings(InputStream body) throws IOException {
    SettingsJson settings = new SettingsJson();
    boolean[] there = {false};
    boolean[] understood = {true};
    document(
        body,
        (name, json) -> {
          switch (name) {
            case "settings" -> {
              there[0] = true;
              object(json, settings);
            }
            case "requires" ->
                array(json, () -> understood[0] &= UNDERSTOOD.contains(json.getText()));
            default -> json.skipChildren();
          }
        });
    if (!there[0]) {
      throw new IOException("settings of a preview that are not there");
    }
    return understood[0] ? settings.finish() : SiteSettings.CLOSED;
  }

  /**
   * Reads deploy/contracts/policies.json. One that cannot be read, such as one of a kind of a later
   * release, is not there, and keeps the others from nothing.
   */
  static List<SharedPolicy> policies(InputStream body) throws IOException {
    List<SharedPolicy> policies = new ArrayList<>();
    document(
        new ByteArrayInputStream(body.readAllBytes()),
        (name, json) -> {
          if (name.equals("policies")) {
            array(json, () -> readPolicy(json, policies));
          } else {
            json.skipChildren();
          }
        });
    return policies;
  }

  private static void readPolicy(JsonParser json, List<SharedPolicy> policies) throws IOException {
    byte[] policy = copy(json);
    SharedPolicyJson draft = new SharedPolicyJson();
    try {
      document(new ByteArrayInputStream(policy), draft);
      policies.add(draft.finish());
    } catch (IOException | IllegalArgumentException e) {
      LOG.error("cannot use the shared policy {}: {}", draft.id(), e.toString());
    }
  }

  /** Reads deploy/contracts/member.json. */
  static @Nullable Role role(InputStream body) throws IOException {
    boolean[] there = {false};
    @Nullable String[] role = {null};
    document(
        body,
        (name, json) -> {
          if (name.equals("role")) {
            there[0] = true;
            role[0] = text(json);
          } else {
            json.skipChildren();
          }
        });
    if (!there[0]) {
      throw new IOException("a member without role");
    }
    try {
      return role[0] == null ? null : Role.of(role[0]);
    } catch (IllegalArgumentException e) {
      throw new IOException("a member with the role " + role[0], e);
    }
  }

  private static SiteSnapshot readSnapshot(JsonParser json) throws IOException {
    SnapshotDraft draft = new SnapshotDraft();
    try {
      object(json, draft);
      return draft.finish();
    } catch (IOException | IllegalArgumentException e) {
      String site = draft.site;
      if (site == null || !draft.restricted) {
        throw e;
      }
      LOG.error("settings of {} cannot be read; it is closed", site, e);
      return draft.closed(site);
    }
  }

  /** A snapshot while its fields arrive. */
  private static final class SnapshotDraft implements Field {
    private @Nullable String site;
    private long version = -1;
    private boolean active;
    private @Nullable String deployment;
    private final SettingsJson settings = new SettingsJson();
    private final List<String> hosts = new ArrayList<>();
    private @Nullable GradualRelease release;
    private final List<EarlierDeployment> earlier = new ArrayList<>();
    private final Map<String, String> aliases = new HashMap<>();
    private @Nullable String settingsFile;
    private boolean understood = true;
    private boolean restricted;

    @Override
    public void read(String name, JsonParser json) throws IOException {
      switch (name) {
        case "site" -> site = text(json);
        case "version" -> version = json.getLongValue();
        case "state" -> active = "active".equals(text(json));
        case "deployment" -> deployment = text(json);
        case "release" -> release = readRelease(json);
        case "earlier" -> array(json, () -> earlier.add(readEarlier(json)));
        case "hosts" -> array(json, () -> hosts.add(json.getText()));
        case "aliases" -> object(json, (alias, value) -> aliases.put(alias, value.getText()));
        case "settings" -> object(json, settings);
        case "settingsFile" -> settingsFile = text(json);
        case "requires" ->
            array(
                json,
                () -> {
                  restricted = true;
                  understood &= UNDERSTOOD.contains(json.getText());
                });
        default -> json.skipChildren();
      }
    }

    /** A site of which nobody may have anything, since it says what cannot be read. */
    private SiteSnapshot closed(String name) {
      return new SiteSnapshot(
          name,
          Math.max(0, version),
          active,
          hosts,
          deployment,
          null,
          List.of(),
          aliases,
          SiteSettings.CLOSED,
          settingsFile);
    }

    private SiteSnapshot finish() throws IOException {
      String name = site;
      if (name == null || version < 0) {
        throw new IOException("a snapshot without site or version");
      }
      return new SiteSnapshot(
          name,
          version,
          active,
          hosts,
          deployment,
          release,
          earlier,
          aliases,
          understood ? settings.finish() : SiteSettings.CLOSED,
          settingsFile);
    }

    private static @Nullable GradualRelease readRelease(JsonParser json) throws IOException {
      @Nullable String[] deployment = new String[1];
      @Nullable String[] counted = new String[1];
      int[] percent = new int[1];
      object(
          json,
          (name, value) -> {
            switch (name) {
              case "deployment" -> deployment[0] = text(value);
              case "percent" -> percent[0] = value.getIntValue();
              case "counted" -> counted[0] = text(value);
              default -> value.skipChildren();
            }
          });
      return deployment[0] == null
          ? null
          : new GradualRelease(deployment[0], percent[0], counted[0]);
    }

    private static EarlierDeployment readEarlier(JsonParser json) throws IOException {
      @Nullable String[] texts = new String[2];
      object(
          json,
          (name, value) -> {
            switch (name) {
              case "deployment" -> texts[0] = text(value);
              case "until" -> texts[1] = text(value);
              default -> value.skipChildren();
            }
          });
      if (texts[0] == null || texts[1] == null) {
        throw new IOException("an earlier deployment without deployment or until");
      }
      try {
        return new EarlierDeployment(texts[0], Instant.parse(texts[1]));
      } catch (DateTimeException e) {
        throw new IOException("an earlier deployment until " + texts[1], e);
      }
    }
  }

  /** Reads deploy/contracts/manifest.json, of any size. */
  static DeploymentFiles manifest(InputStream body) throws IOException {
    DeploymentFiles.Builder files = new DeploymentFiles.Builder();
    String[] found = new String[2];
    try {
      document(
          body,
          (name, json) -> {
            switch (name) {
              case "version" -> checkVersion(json.getLongValue());
              case "deployment" -> found[0] = json.getText();
              case "sealedAt" -> found[1] = json.getText();
              case "files" -> array(json, () -> readFile(json, files));
              case "rules" -> files.rules(RulesJson.read(json));
              default -> json.skipChildren();
            }
          });
      if (found[0] == null || found[1] == null) {
        throw new IOException("a manifest without deployment or sealedAt");
      }
      return files.build(found[0], Instant.parse(found[1]));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException("invalid manifest: " + e.getMessage(), e);
    }
  }

  private static void checkVersion(long version) throws IOException {
    if (version != 1) {
      throw new IOException("manifest of unknown version " + version);
    }
  }

  private static void readFile(JsonParser json, DeploymentFiles.Builder files) throws IOException {
    String[] texts = new String[3];
    long[] size = {-1};
    object(
        json,
        (name, value) -> {
          switch (name) {
            case "path" -> texts[0] = value.getText();
            case "sha256" -> texts[1] = value.getText();
            case "type" -> texts[2] = value.getText();
            case "size" -> size[0] = value.getLongValue();
            default -> value.skipChildren();
          }
        });
    if (texts[0] == null || texts[1] == null || texts[2] == null) {
      throw new IOException("a file of a manifest lacks path, sha256 or type");
    }
    files.add(texts[0], BlobDigest.parse(texts[1]), size[0], texts[2]);
  }

  /** Reads a body that is one object. */
  static void document(InputStream body, Field field) throws IOException {
    try (JsonParser json = JSON.createParser(body)) {
      json.nextToken();
      object(json, field);
    }
  }

  /** Reads the object, or null as an empty one, that the parser is at. */
  static void object(JsonParser json, Field field) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new IOException("an object was expected, not " + json.currentToken());
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      field.read(name, json);
    }
    if (json.currentToken() != JsonToken.END_OBJECT) {
      throw new IOException("the JSON ends too early");
    }
  }

  /** One element of an array. */
  interface Element {
    void read() throws IOException;
  }

  /** Reads the array, or null as an empty one, that the parser is at. */
  static void array(JsonParser json, Element element) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw new IOException("an array was expected, not " + json.currentToken());
    }
    for (JsonToken token = json.nextToken();
        token != JsonToken.END_ARRAY;
        token = json.nextToken()) {
      if (token == null) {
        throw new IOException("the JSON ends too early");
      }
      element.read();
    }
  }

  /** The text, or null, that the parser is at. */
  static @Nullable String text(JsonParser json) throws IOException {
    if (json.currentToken().isStructStart()) {
      throw new IOException("a text was expected, not " + json.currentToken());
    }
    return json.currentToken() == JsonToken.VALUE_NULL ? null : json.getText();
  }
}
