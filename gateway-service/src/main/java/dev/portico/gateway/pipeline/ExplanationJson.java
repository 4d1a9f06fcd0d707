package dev.portico.gateway.pipeline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.portico.gateway.exchange.Explanation;
import dev.portico.gateway.exchange.ViewerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * Explanations as JSON; docs/explain.md tells its fields. In ASCII, so that it fits in a header.
 */
final class ExplanationJson {
  /** What is left out first where there is little room. */
  private static final Set<String> LONG = Set.of("fetch", "cache", "headerRules");

  private static final JsonFactory JSON =
      new JsonFactoryBuilder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private ExplanationJson() {}

  /** Writes to a generator. */
  interface Content {
    void write(JsonGenerator json) throws IOException;
  }

  /** A document. */
  static byte[] document(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(2_048);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      content.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** All of an explanation. */
  static byte[] whole(ViewerRequest request, Explanation why) {
    return document(json -> write(json, request, why));
  }

  /**
   * As much of an explanation as there is room for; {@code truncated} says that some is missing.
   *
   * @param most how many characters
   */
  static String within(int most, ViewerRequest request, Explanation why) {
    String all = text(whole(request, why));
    if (all.length() <= most) {
      return all;
    }
    String some = text(document(json -> writeSome(json, why, true)));
    if (some.length() <= most) {
      return some;
    }
    String least = text(document(json -> writeSome(json, why, false)));
    return least.length() <= most ? least : "{\"truncated\":true}";
  }

  private static String text(byte[] ascii) {
    return new String(ascii, StandardCharsets.US_ASCII);
  }

  /** Writes all of an explanation as one object. */
  static void write(JsonGenerator json, ViewerRequest request, Explanation why) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("request");
    json.writeStringField("method", request.method());
    json.writeStringField(
        "url", request.scheme() + "://" + request.authority() + request.rawTarget());
    json.writeEndObject();
    for (Map.Entry<String, Object> note : why.notes().entrySet()) {
      json.writeFieldName(note.getKey());
      value(json, note.getValue());
    }
    json.writeArrayFieldStart("headers");
    for (Explanation.Line line : why.lines()) {
      json.writeStartObject();
      json.writeStringField("name", line.name());
      json.writeStringField("value", line.value());
      json.writeStringField("by", line.by());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("removed");
    for (Map.Entry<String, String> each : why.removed().entrySet()) {
      json.writeStartObject();
      json.writeStringField("name", each.getKey());
      json.writeStringField("by", each.getValue());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeSome(JsonGenerator json, Explanation why, boolean notes)
      throws IOException {
    json.writeStartObject();
    for (Map.Entry<String, Object> note : why.notes().entrySet()) {
      boolean plain = note.getValue() instanceof String || note.getValue() instanceof Number;
      if (!LONG.contains(note.getKey()) && (notes || plain)) {
        json.writeFieldName(note.getKey());
        value(json, note.getValue());
      }
    }
    if (notes) {
      json.writeObjectFieldStart("headersBy");
      for (Explanation.Line line : why.lines()) {
        json.writeStringField(line.name(), line.by());
      }
      json.writeEndObject();
    }
    json.writeBooleanField("truncated", true);
    json.writeEndObject();
  }

  /** Writes what a note says. */
  static void value(JsonGenerator json, Object value) throws IOException {
    switch (value) {
      case Map<?, ?> map -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> each : map.entrySet()) {
          json.writeFieldName(String.valueOf(each.getKey()));
          value(json, each.getValue());
        }
        json.writeEndObject();
      }
      case Iterable<?> list -> {
        json.writeStartArray();
        for (Object each : list) {
          value(json, each);
        }
        json.writeEndArray();
      }
      case Boolean truth -> json.writeBoolean(truth);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      default -> json.writeString(value.toString());
    }
  }
}
