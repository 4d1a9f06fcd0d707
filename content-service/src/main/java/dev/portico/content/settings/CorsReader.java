package dev.portico.content.settings;

import dev.portico.content.settings.ResponseHeadersPolicy.Cors;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what a policy says of cross-origin resource sharing. */
final class CorsReader {
  private static final String ANY = "*";
  private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?";

  /** An origin (RFC 6454, section 6.2), as CloudFront has it: the first label may be a star. */
  private static final Pattern ORIGIN =
      Pattern.compile("(https?://)?(\\*\\.)?" + LABEL + "(\\." + LABEL + ")*(:[1-9][0-9]{0,4})?");

  private static final int ORIGIN_LENGTH = 280;

  private CorsReader() {}

  static Cors read(Fields fields) {
    boolean credentials = fields.flag("allowCredentials", false);
    List<String> headers = fields.texts("allowHeaders", List.of(), Limits.CORS_NAMES);
    List<String> methods = methods(fields);
    List<String> origins = origins(fields);
    List<String> exposed = fields.texts("exposeHeaders", List.of(), Limits.CORS_NAMES);
    names(fields, "allowHeaders", headers);
    names(fields, "exposeHeaders", exposed);
    if (credentials) {
      refuseStar(fields, "allowHeaders", headers);
      refuseStar(fields, "allowOrigins", origins);
      refuseStar(fields, "exposeHeaders", exposed);
    }
    return new Cors(
        credentials,
        headers,
        methods,
        origins,
        exposed,
        fields.wholeLong("maxAgeSeconds", Limits.CORS_MAX_AGE_DEFAULT, Limits.CORS_MAX_AGE),
        fields.flag("originOverride", true));
  }

  /** With credentials a star is no wildcard to browsers, or is refused by them. */
  private static void refuseStar(Fields fields, String name, List<String> values) {
    int at = values.indexOf(ANY);
    if (at >= 0) {
      fields.fault(
          name + '[' + at + ']',
          "cannot be * with allowCredentials (Fetch standard, section 3.3.5); name them");
    }
  }

  private static List<String> methods(Fields fields) {
    List<String> given =
        fields.texts("allowMethods", DefaultBehaviour.GET_AND_HEAD, BehaviourReader.METHODS.size());
    for (int i = 0; i < given.size(); i++) {
      String path = "allowMethods[" + i + ']';
      if (given.get(i).equals(Cors.ALL_METHODS)) {
        fields.refuse(path, given.size() == 1 ? null : "must stand alone");
      } else if (!BehaviourReader.METHODS.contains(given.get(i))) {
        fields.fault(path, "must be one of ALL, " + String.join(", ", BehaviourReader.METHODS));
      } else {
        fields.refuse(path, twice(given, i));
      }
    }
    // Clients that are generated from the API's description send an empty list for an absent one.
    return given.isEmpty() ? DefaultBehaviour.GET_AND_HEAD : given;
  }

  private static @Nullable String twice(List<String> given, int at) {
    return given.indexOf(given.get(at)) < at ? "is there twice" : null;
  }

  private static List<String> origins(Fields fields) {
    List<String> given = fields.texts("allowOrigins", List.of(), Limits.CORS_NAMES);
    if (given.isEmpty()) {
      fields.fault("allowOrigins", "must name somebody");
    }
    for (int i = 0; i < given.size(); i++) {
      String path = "allowOrigins[" + i + ']';
      String origin = given.get(i);
      if (origin.equals(ANY)) {
        fields.refuse(path, given.size() == 1 ? null : "must stand alone");
      } else if (origin.equalsIgnoreCase("null")) {
        fields.fault(path, "is what browsers send for whoever hides, such as a sandboxed frame");
      } else if (origin.length() > ORIGIN_LENGTH || !ORIGIN.matcher(origin).matches()) {
        fields.fault(
            path,
            "must be * or an origin such as https://www.example.com:8443, without path; a * may"
                + " only be its first label, as in https://*.example.com");
      } else {
        fields.refuse(path, twice(given, i));
      }
    }
    return given;
  }

  private static void names(Fields fields, String name, List<String> given) {
    for (int i = 0; i < given.size(); i++) {
      String path = name + '[' + i + ']';
      String each = given.get(i);
      if (each.equals(ANY)) {
        fields.refuse(path, given.size() == 1 ? null : "must stand alone");
      } else if (each.length() > Limits.HEADER_NAME_LENGTH || !HeaderRules.token(each)) {
        fields.fault(path, "is no name of a header field");
      } else {
        fields.refuse(path, twice(given, i));
      }
    }
  }
}
