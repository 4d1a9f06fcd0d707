package dev.portico.content.settings;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads behaviours. */
final class BehaviourReader {
  /** CloudFront's seven. */
  static final List<String> METHODS =
      List.of("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE");

  private static final Set<String> OF_A_DEPLOYMENT = Set.of("GET", "HEAD", "OPTIONS");

  /** CloudFront's alphabet, with its wildcard of one character. */
  private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9_.*$/~\"'@:+&?-]+");

  private BehaviourReader() {}

  static Behaviour read(Fields fields) {
    String pattern = pattern(fields);
    DefaultBehaviour rest = readDefault(fields);
    return new Behaviour(pattern, rest.origin(), rest.cachePolicy(), rest.allowedMethods());
  }

  static DefaultBehaviour readDefault(Fields fields) {
    String origin = fields.text("origin");
    String cachePolicy = fields.text("cachePolicy");
    List<String> given =
        fields.texts("allowedMethods", DefaultBehaviour.GET_AND_HEAD, METHODS.size());
    checkMethods(fields, given, origin == null);
    // Clients that are generated from the API's description send an empty list for an absent one.
    List<String> methods = given.isEmpty() ? DefaultBehaviour.GET_AND_HEAD : given;
    return new DefaultBehaviour(origin, cachePolicy, methods);
  }

  private static String pattern(Fields fields) {
    String pattern = fields.required("pattern");
    if (!pattern.isEmpty()
        && (pattern.length() > Limits.PATTERN_LENGTH || !PATTERN.matcher(pattern).matches())) {
      fields.fault(
          "pattern",
          "must be 1 to "
              + Limits.PATTERN_LENGTH
              + " of the characters A-Z a-z 0-9 _ - . * $ / ~ \" ' @ : + & ?");
    }
    return pattern;
  }

  private static void checkMethods(Fields fields, List<String> methods, boolean ofDeployment) {
    for (int i = 0; i < methods.size(); i++) {
      String method = methods.get(i);
      if (!METHODS.contains(method)) {
        fields.fault("allowedMethods[" + i + ']', "must be one of " + String.join(", ", METHODS));
      } else if (methods.indexOf(method) < i) {
        fields.fault("allowedMethods[" + i + ']', "is there twice");
      } else if (ofDeployment && !OF_A_DEPLOYMENT.contains(method)) {
        fields.fault(
            "allowedMethods[" + i + ']', "is nothing that a deployment answers; name an origin");
      }
    }
    if (methods.contains("GET") != methods.contains("HEAD")) {
      fields.fault("allowedMethods", "must have GET and HEAD together (RFC 9110 section 9.3.2)");
    }
  }
}
