package dev.portico.gateway.pipeline;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One URL with both its answers, of which header fields are kept only where they differ.
 *
 * @param active what is answered now
 * @param supposed what would be
 * @param headers the fields that differ
 */
record DryRunItem(String url, DryRunAnswer active, DryRunAnswer supposed, List<Field> headers) {
  /** Copies the list. */
  DryRunItem {
    headers = List.copyOf(headers);
  }

  /** A header field that differs; null where it is not there. */
  record Field(String name, @Nullable String active, @Nullable String supposed) {}

  /** Compares. */
  static DryRunItem of(String url, DryRunAnswer active, DryRunAnswer supposed) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(active.fields().keySet());
    names.addAll(supposed.fields().keySet());
    List<Field> headers = new ArrayList<>();
    for (String name : names) {
      String one = active.fields().get(name);
      String other = supposed.fields().get(name);
      if (!Objects.equals(one, other)) {
        headers.add(new Field(name, one, other));
      }
    }
    return new DryRunItem(url, withoutFields(active), withoutFields(supposed), headers);
  }

  private static DryRunAnswer withoutFields(DryRunAnswer answer) {
    return new DryRunAnswer(
        answer.status(),
        answer.deployment(),
        answer.fileDeployment(),
        answer.sha256(),
        answer.redirect(),
        answer.fetch(),
        answer.access(),
        answer.policies(),
        Map.of());
  }

  /** Whether viewers would notice. */
  boolean differs() {
    return !Objects.equals(active.status(), supposed.status())
        || !Objects.equals(active.sha256(), supposed.sha256())
        || !Objects.equals(active.fetch(), supposed.fetch())
        || accessDiffers()
        || !headers.isEmpty();
  }

  /** Whether others may have it, or by other proof, be it that nobody decides on this request. */
  private boolean accessDiffers() {
    return !Objects.equals(active.access(), supposed.access())
        || !active.policies().equals(supposed.policies());
  }

  /** Writes it as one object. */
  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("url", url);
    json.writeBooleanField("differs", differs());
    json.writeBooleanField("accessDiffers", accessDiffers());
    side(json, "active", active);
    side(json, "supposed", supposed);
    json.writeArrayFieldStart("headers");
    for (Field each : headers) {
      json.writeStartObject();
      json.writeStringField("name", each.name());
      text(json, "active", each.active());
      text(json, "supposed", each.supposed());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void side(JsonGenerator json, String name, DryRunAnswer answer)
      throws IOException {
    json.writeObjectFieldStart(name);
    Integer status = answer.status();
    if (status == null) {
      json.writeNullField("status");
    } else {
      json.writeNumberField("status", status);
    }
    text(json, "deployment", answer.deployment());
    text(json, Explained.FILE_DEPLOYMENT, answer.fileDeployment());
    text(json, "sha256", answer.sha256());
    text(json, "redirect", answer.redirect());
    text(json, "fetch", answer.fetch());
    Object access = answer.access();
    if (access == null) {
      json.writeNullField("access");
    } else {
      json.writeFieldName("access");
      ExplanationJson.value(json, access);
    }
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String name, @Nullable String text)
      throws IOException {
    if (text == null) {
      json.writeNullField(name);
    } else {
      json.writeStringField(name, text);
    }
  }
}
