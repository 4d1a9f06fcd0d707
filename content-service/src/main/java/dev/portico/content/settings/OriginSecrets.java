package dev.portico.content.settings;

import dev.portico.content.settings.Origin.Header;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The values of the header fields that origins are sent, apart from the document: they are often
 * secrets, so that nobody is shown them again. Each belongs to the server that it was given for,
 * and is lost with it: whoever changes an origin's host must not make the gateway send it
 * elsewhere.
 *
 * @param values by origin, server and field
 */
record OriginSecrets(Map<String, String> values) {
  static final OriginSecrets NONE = new OriginSecrets(Map.of());

  OriginSecrets {
    values = Map.copyOf(values);
  }

  private static String key(Origin origin, Header header) {
    return String.join(
        " ",
        origin.id(),
        origin.protocol() + "://" + origin.host() + ':' + origin.port(),
        header.name().toLowerCase(Locale.ROOT));
  }

  /** The values that a document holds. */
  static OriginSecrets of(SettingsDocument document) {
    var values = new LinkedHashMap<String, String>();
    for (Origin origin : document.origins()) {
      for (Header header : origin.headers()) {
        if (header.value() != null) {
          values.put(key(origin, header), header.value());
        }
      }
    }
    return new OriginSecrets(values);
  }

  /** The document with these values where it has none. */
  SettingsDocument fill(SettingsDocument document) {
    return document.withOrigins(
        document.origins().stream()
            .map(
                origin ->
                    origin.withHeaders(
                        origin.headers().stream().map(each -> fill(origin, each)).toList()))
            .toList());
  }

  private Header fill(Origin origin, Header header) {
    return header.value() == null
        ? new Header(header.name(), values.get(key(origin, header)))
        : header;
  }

  /** The document without any value. */
  static SettingsDocument hide(SettingsDocument document) {
    return document.withOrigins(
        document.origins().stream()
            .map(
                origin ->
                    origin.withHeaders(
                        origin.headers().stream()
                            .map(each -> new Header(each.name(), null))
                            .toList()))
            .toList());
  }

  /** Notes each field of a filled document that has no value. */
  static void checkFilled(SettingsDocument document, Faults faults) {
    for (int i = 0; i < document.origins().size(); i++) {
      List<Header> headers = document.origins().get(i).headers();
      for (int j = 0; j < headers.size(); j++) {
        if (headers.get(j).value() == null) {
          faults.add(
              "origins[" + i + "].headers[" + j + "].value",
              "is required: no value is known of this field for this protocol, host and port");
        }
      }
    }
  }

  int bytes() {
    return values.entrySet().stream()
        .mapToInt(each -> each.getKey().length() + each.getValue().length())
        .sum();
  }
}
