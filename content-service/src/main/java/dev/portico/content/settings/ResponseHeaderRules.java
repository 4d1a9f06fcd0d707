package dev.portico.content.settings;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which header fields of responses a policy may set or remove. What is refused is what CloudFront
 * refuses, and what would let a policy break a message, or hide what Portico says about it.
 */
final class ResponseHeaderRules {
  private static final String CONNECTION = "is about one connection only (RFC 9110 section 7.6.1)";
  private static final String FRAMING = "says what the content is made of";
  private static final String GATEWAY = "is said by the gateway";

  /** Neither set nor removed. */
  private static final Map<String, String> FIXED =
      Map.ofEntries(
          Map.entry("connection", CONNECTION),
          Map.entry("keep-alive", CONNECTION),
          Map.entry("proxy-authenticate", CONNECTION),
          Map.entry("proxy-authorization", CONNECTION),
          Map.entry("proxy-connection", CONNECTION),
          Map.entry("upgrade", CONNECTION),
          Map.entry("content-encoding", FRAMING),
          Map.entry("content-length", FRAMING),
          Map.entry("content-range", FRAMING),
          Map.entry("trailer", FRAMING),
          Map.entry("transfer-encoding", FRAMING),
          Map.entry("expect", "is no field of a response"),
          Map.entry("host", "is no field of a response"),
          Map.entry("cache-status", GATEWAY),
          Map.entry("via", GATEWAY),
          Map.entry("warning", GATEWAY),
          Map.entry("x-cache", GATEWAY),
          Map.entry("x-forwarded-proto", GATEWAY),
          Map.entry("x-real-ip", GATEWAY),
          Map.entry("x-request-id", GATEWAY));

  /** May be removed, where the gateway puts its own in their place. */
  private static final Map<String, String> NOT_SET =
      Map.of("age", GATEWAY, "date", GATEWAY, "vary", "is said by origins and the gateway");

  private static final Set<String> PREFIXES =
      Set.of("x-accel-", "x-amz-cf-", "x-amzn-", "x-edge-", "portico-");

  private static final Set<String> SECURITY =
      Set.of(
          "content-security-policy",
          "referrer-policy",
          "strict-transport-security",
          "x-content-type-options",
          "x-frame-options",
          "x-xss-protection");

  private ResponseHeaderRules() {}

  /** All that are refused by name, in lower case. */
  static Set<String> fixed() {
    return FIXED.keySet();
  }

  /** Why a field cannot be removed from responses; null when it can. */
  static @Nullable String removalRefusal(String name) {
    String reason = fixedReason(name);
    return reason == null || reason.startsWith("is no name")
        ? reason
        : "cannot be removed: " + reason;
  }

  /** Why a field cannot be set on responses as one of the team's own; null when it can. */
  static @Nullable String customRefusal(String name) {
    String reason = fixedReason(name);
    if (reason != null) {
      return reason.startsWith("is no name") ? reason : "cannot be set: " + reason;
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (SECURITY.contains(lower)) {
      return "belongs to securityHeaders";
    }
    if (lower.startsWith("access-control-")) {
      return "belongs to cors";
    }
    if (lower.equals("server-timing")) {
      return "belongs to serverTiming";
    }
    String own = NOT_SET.get(lower);
    return own == null ? null : "cannot be set: " + name + ' ' + own;
  }

  private static @Nullable String fixedReason(String name) {
    if (name.length() > Limits.HEADER_NAME_LENGTH || !HeaderRules.token(name)) {
      return "is no name of a header field of at most " + Limits.HEADER_NAME_LENGTH + " characters";
    }
    String lower = name.toLowerCase(Locale.ROOT);
    String reason = FIXED.get(lower);
    if (reason != null) {
      return name + ' ' + reason;
    }
    return PREFIXES.stream().anyMatch(lower::startsWith)
        ? "X-Accel-, X-Amz-Cf-, X-Amzn-, X-Edge- and Portico- are reserved"
        : null;
  }
}
