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
    return server(origin) + header.name().toLowerCase(Locale.ROOT);
  }

  /** What the keys of an origin's values begin with. */
  private static String server(Origin origin) {
    return origin.id()
        + ' '
        + origin.protocol()
        + "://"
        + origin.host()
        + ':'
        + origin.port()
        + ' ';
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

  /** These values, and of what they lack those. */
  OriginSecrets over(OriginSecrets others) {
    var all = new LinkedHashMap<>(others.values);
    all.putAll(values);
    return new OriginSecrets(all);
  }

  /**
   * Of these values those that origins of a file may have, whose author is not shown them: where
   * the file neither checks the server less than the site's own origin of the same name nor asks
   * for paths that this could not.
   *
   * @param own the site's own origins
   * @param file the file's
   */
  OriginSecrets lent(List<Origin> own, List<Origin> file) {
    var lent = new LinkedHashMap<>(values);
    for (Origin origin : file) {
      if (own.stream().noneMatch(each -> covers(each, origin))) {
        lent.keySet().removeIf(key -> key.startsWith(server(origin)));
      }
    }
    return new OriginSecrets(lent);
  }

  private static boolean covers(Origin own, Origin file) {
    String path = own.pathPrefix();
    return server(own).equals(server(file))
        && (file.verifyTls() || !own.verifyTls())
        && (file.pathPrefix().equals(path) || file.pathPrefix().startsWith(path + '/'));
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
              "is required: no value is known of this field for this protocol, host and port; that"
                  + " over the API is not for a portico.yml with another pathPrefix or without"
                  + " verifyTls");
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
