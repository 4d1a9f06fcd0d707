package dev.portico.content.settings;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads behaviours. */
final class BehaviourReader {
  /** CloudFront's seven. */
  static final List<String> METHODS =
      List.of("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE");

  static final List<String> PROTOCOLS =
      List.of(DefaultBehaviour.ALLOW_ALL, "redirect-to-https", "https-only");

  private static final List<String> CACHEABLE = List.of("GET", "HEAD", "OPTIONS");

  private static final Set<String> OF_A_DEPLOYMENT = Set.of("GET", "HEAD", "OPTIONS");

  /** CloudFront's alphabet, with its wildcard of one character. */
  private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9_.*$/~\"'@:+&?-]+");

  static final String PATTERN_FAULT =
      "must be 1 to "
          + Limits.PATTERN_LENGTH
          + " of the characters A-Z a-z 0-9 _ - . * $ / ~ \" ' @ : + & ?";

  private BehaviourReader() {}

  static Behaviour read(Fields fields) {
    String pattern = pattern(fields);
    DefaultBehaviour rest = readDefault(fields);
    return new Behaviour(
        pattern,
        rest.origin(),
        rest.viewerProtocol(),
        rest.cachePolicy(),
        rest.originRequestPolicy(),
        rest.responseHeadersPolicy(),
        rest.accessPolicy(),
        rest.allowedMethods(),
        rest.cachedMethods(),
        rest.compress(),
        rest.errorResponses());
  }

  static DefaultBehaviour readDefault(Fields fields) {
    String origin = fields.text("origin");
    String protocol = fields.word("viewerProtocol", PROTOCOLS);
    String cachePolicy = fields.text("cachePolicy");
    String originRequest = fields.text("originRequestPolicy");
    String responseHeaders = fields.text("responseHeadersPolicy");
    String access = fields.text("accessPolicy");
    List<String> given =
        fields.texts("allowedMethods", DefaultBehaviour.GET_AND_HEAD, METHODS.size());
    checkMethods(fields, given, origin == null);
    // Clients that are generated from the API's description send an empty list for an absent one.
    List<String> methods = given.isEmpty() ? DefaultBehaviour.GET_AND_HEAD : given;
    return new DefaultBehaviour(
        origin,
        protocol,
        cachePolicy,
        originRequest,
        responseHeaders,
        access,
        methods,
        cachedMethods(fields, methods),
        fields.flag("compress", false),
        ErrorResponseReader.readAll(fields));
  }

  private static String pattern(Fields fields) {
    String pattern = fields.required("pattern");
    if (!pattern.isEmpty() && !isPattern(pattern)) {
      fields.fault("pattern", PATTERN_FAULT);
    }
    return pattern;
  }

  static boolean isPattern(String pattern) {
    return pattern.length() <= Limits.PATTERN_LENGTH && PATTERN.matcher(pattern).matches();
  }

  /** CloudFront's two sets: GET and HEAD always, and OPTIONS perhaps. */
  private static List<String> cachedMethods(Fields fields, List<String> allowed) {
    List<String> given =
        fields.texts("cachedMethods", DefaultBehaviour.GET_AND_HEAD, CACHEABLE.size());
    List<String> methods = given.isEmpty() ? DefaultBehaviour.GET_AND_HEAD : given;
    if (!CACHEABLE.containsAll(methods)
        || !methods.containsAll(DefaultBehaviour.GET_AND_HEAD)
        || Set.copyOf(methods).size() < methods.size()) {
      fields.fault("cachedMethods", "must be GET and HEAD, or these and OPTIONS");
    } else if (methods.contains("OPTIONS") && !allowed.contains("OPTIONS")) {
      fields.fault("cachedMethods", "has OPTIONS, which is not among allowedMethods");
    }
    return methods;
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
