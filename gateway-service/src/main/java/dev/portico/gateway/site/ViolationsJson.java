package dev.portico.gateway.site;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.portico.gateway.violation.Violation;
import dev.portico.gateway.violation.ViolationCount;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes deploy/contracts/csp-reports.json. */
final class ViolationsJson {
  private static final JsonFactory JSON = new JsonFactory();

  private ViolationsJson() {}

  static byte[] batch(String gateway, long number, List<ViolationCount> counts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("gateway", gateway);
      json.writeNumberField("number", number);
      json.writeArrayFieldStart("counts");
      for (ViolationCount count : counts) {
        json.writeStartObject();
        json.writeStringField("site", count.site());
        Violation violation = count.violation();
        if (violation != null) {
          json.writeStringField("disposition", violation.disposition());
          json.writeStringField("directive", violation.directive());
          json.writeStringField("blocked", violation.blocked());
          json.writeStringField("path", violation.path());
        }
        json.writeNumberField("count", count.count());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
