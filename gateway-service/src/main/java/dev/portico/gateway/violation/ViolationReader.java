package dev.portico.gateway.violation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bodies that browsers send: one report by {@code report-uri} (CSP 3, section 5.3), or a
 * list by {@code report-to} (Reporting API, section 3.2). What else a report says, such as samples
 * of scripts and whole policies, is passed over.
 */
public final class ViolationReader {
  /** The media type of one report. */
  public static final String ONE = "application/csp-report";

  /** The media type of a list of reports, of any kind. */
  public static final String LIST = "application/reports+json";

  /** Reports of one request that are read. */
  static final int MOST_REPORTS = 100;

  private static final int DEEPEST = 16;

  private static final Set<String> TEXTS =
      Set.of(
          "disposition",
          "effective-directive",
          "effectiveDirective",
          "violated-directive",
          "blocked-uri",
          "blockedURL",
          "document-uri",
          "documentURL");

  /** Names are the viewers': none may stay in a table of the factory, or of the JVM. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
          .build();

  private final List<Violation> violations = new ArrayList<>();
  private int ignored;
  private int malformed;
  private int beyond;

  private ViolationReader() {}

  /**
   * Reads a body.
   *
   * @param body all of it
   * @param list whether it is a list of reports ({@link #LIST}), rather than one ({@link #ONE})
   * @return null when it is not JSON, or holds nothing but malformed reports
   */
  public static @Nullable ViolationReports read(byte[] body, boolean list) {
    ViolationReader reader = new ViolationReader();
    try (JsonParser json = JSON.createParser(body)) {
      json.nextToken();
      if (list) {
        reader.list(json);
      } else {
        reader.one(json);
      }
      return json.nextToken() == null ? reader.finish() : null;
    } catch (IOException e) {
      // Not JSON: that is the viewer's to know, and nobody else's.
      return null;
    }
  }

  private @Nullable ViolationReports finish() {
    boolean nothing = violations.isEmpty() && ignored == 0 && beyond == 0 && malformed > 0;
    return nothing ? null : new ViolationReports(violations, ignored, beyond);
  }

  private void one(JsonParser json) throws IOException {
    Map<String, String> texts = new HashMap<>();
    eachField(
        json,
        name -> {
          if (name.equals("csp-report")) {
            texts(json, texts);
          } else {
            json.skipChildren();
          }
        });
    String directive = texts.get("effective-directive");
    add(
        directive == null ? texts.get("violated-directive") : directive,
        texts.get("blocked-uri"),
        texts.get("document-uri"),
        texts.get("disposition"));
  }

  private void list(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      malformed++;
      json.skipChildren();
      return;
    }
    for (JsonToken token = json.nextToken();
        token != JsonToken.END_ARRAY && token != null;
        token = json.nextToken()) {
      if (violations.size() + ignored + malformed < MOST_REPORTS) {
        listed(json);
      } else {
        beyond++;
        json.skipChildren();
      }
    }
  }

  private void listed(JsonParser json) throws IOException {
    Map<String, String> texts = new HashMap<>();
    @Nullable String[] typeAndUrl = new String[2];
    eachField(
        json,
        name -> {
          switch (name) {
            case "type" -> typeAndUrl[0] = text(json);
            case "url" -> typeAndUrl[1] = text(json);
            case "body" -> texts(json, texts);
            default -> json.skipChildren();
          }
        });
    if (typeAndUrl[0] != null && !typeAndUrl[0].equals("csp-violation")) {
      ignored++;
      return;
    }
    String document = texts.get("documentURL");
    add(
        typeAndUrl[0] == null ? null : texts.get("effectiveDirective"),
        texts.get("blockedURL"),
        document == null ? typeAndUrl[1] : document,
        texts.get("disposition"));
  }

  private void add(
      @Nullable String directive,
      @Nullable String blocked,
      @Nullable String document,
      @Nullable String disposition) {
    String name = ViolationText.directive(directive);
    if (name == null) {
      malformed++;
    } else {
      violations.add(
          new Violation(
              ViolationText.disposition(disposition),
              name,
              ViolationText.blocked(blocked),
              ViolationText.path(document)));
    }
  }

  /** The texts of an object that are of interest. */
  private static void texts(JsonParser json, Map<String, String> texts) throws IOException {
    eachField(
        json,
        name -> {
          String text = text(json);
          if (text != null && TEXTS.contains(name)) {
            texts.put(name, text);
          }
        });
  }

  /** The text that the parser is at; null, and passed over, when it is something else. */
  private static @Nullable String text(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return json.getText();
    }
    json.skipChildren();
    return null;
  }

  /** Called when the name of a field has been read and the parser is at its value. */
  private interface Field {
    void read(String name) throws IOException;
  }

  /** The fields of the object that the parser is at; none, when it is something else. */
  private static void eachField(JsonParser json, Field field) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      field.read(name);
    }
  }
}
