package dev.portico.content.settings;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which header fields an origin may be sent by setting, and which may stand in a cache key. What is
 * refused is what CloudFront refuses, and what would let a setting change where a message ends,
 * whom it is for, or who is said to have sent it.
 */
final class HeaderRules {
  /** RFC 9110 section 5.6.2. */
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /** RFC 9110 section 5.5, without what lies beyond ASCII. */
  private static final Pattern VALUE = Pattern.compile("[!-~]([\\t -~]*[!-~])?");

  private static final String VALUE_FORM =
      Limits.HEADER_VALUE_LENGTH + " visible ASCII characters, with spaces and tabs between them";

  private static final String CONNECTION = "is about one connection only (RFC 9110 section 7.6.1)";
  private static final String FRAMING = "decides where a message ends";
  private static final String CACHING = "is set by the cache";
  private static final String PATH = "tells the way of a request, which the gateway does";

  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("connection", CONNECTION),
          Map.entry("keep-alive", CONNECTION),
          Map.entry("proxy-authenticate", CONNECTION),
          Map.entry("proxy-authorization", CONNECTION),
          Map.entry("proxy-connection", CONNECTION),
          Map.entry("http2-settings", CONNECTION),
          Map.entry("te", CONNECTION),
          Map.entry("upgrade", CONNECTION),
          Map.entry("expect", FRAMING),
          Map.entry("content-length", FRAMING),
          Map.entry("content-encoding", FRAMING),
          Map.entry("trailer", FRAMING),
          Map.entry("transfer-encoding", FRAMING),
          Map.entry("host", "decides who is asked; it is the origin's host"),
          Map.entry("cookie", "belongs to the viewer"),
          Map.entry("accept-encoding", CACHING),
          Map.entry("cache-control", CACHING),
          Map.entry("if-match", CACHING),
          Map.entry("if-modified-since", CACHING),
          Map.entry("if-none-match", CACHING),
          Map.entry("if-range", CACHING),
          Map.entry("if-unmodified-since", CACHING),
          Map.entry("pragma", CACHING),
          Map.entry("range", CACHING),
          Map.entry("request-range", CACHING),
          Map.entry("max-forwards", PATH),
          Map.entry("forwarded", PATH),
          Map.entry("via", PATH),
          Map.entry("x-forwarded-for", PATH),
          Map.entry("x-forwarded-host", PATH),
          Map.entry("x-forwarded-port", PATH),
          Map.entry("x-forwarded-proto", PATH),
          Map.entry("x-real-ip", PATH),
          Map.entry("x-request-id", PATH),
          Map.entry("traceparent", PATH),
          Map.entry("tracestate", PATH));

  private static final Set<String> NOT_IN_A_KEY =
      Set.of("cookie", "accept-encoding", "content-length", "transfer-encoding", "trailer");

  private HeaderRules() {}

  /** All that are refused by name, in lower case. */
  static Set<String> refused() {
    return REFUSED.keySet();
  }

  /** Why a field cannot be set on requests to an origin; null when it can. */
  static @Nullable String refusal(String name) {
    if (name.length() > Limits.HEADER_NAME_LENGTH || !token(name)) {
      return "is no name of a header field of at most " + Limits.HEADER_NAME_LENGTH + " characters";
    }
    String lower = name.toLowerCase(Locale.ROOT);
    String reason = REFUSED.get(lower);
    if (reason != null) {
      return "cannot be set: " + name + ' ' + reason;
    }
    boolean ours =
        lower.startsWith("portico-")
            || lower.startsWith("cloudfront-")
            || lower.startsWith("x-amz-")
            || lower.startsWith("x-edge-");
    return ours ? "cannot be set: Portico-, CloudFront-, X-Amz- and X-Edge- are reserved" : null;
  }

  /** Why a field cannot distinguish cached responses; null when it can. */
  static @Nullable String keyRefusal(String lower) {
    if (!token(lower)) {
      return "is no name of a header field";
    }
    if (lower.startsWith("cloudfront-")) {
      return "cannot be in a cache key: it is a fact about the viewer, and there viewers could say"
          + " what they like. Name it in viewerFacts of an origin request policy, and have the"
          + " origin say Vary";
    }
    boolean connection = CONNECTION.equals(REFUSED.get(lower));
    return connection || NOT_IN_A_KEY.contains(lower)
        ? "cannot be in a cache key" + (lower.equals("cookie") ? "; choose cookies" : "")
        : null;
  }

  /** Why a field of the viewer's cannot go to an origin by name; null when it can. */
  static @Nullable String forwardRefusal(String lower) {
    if (!token(lower)) {
      return "is no name of a header field";
    }
    if (lower.equals("cookie")) {
      return "cannot be named; choose cookies";
    }
    if (lower.equals("authorization")) {
      return "cannot be named: what it decides must be in the cache key; name it in a cache policy";
    }
    if (lower.startsWith("cloudfront-")) {
      return "belongs to viewerFacts";
    }
    String reason = lower.equals("host") ? null : REFUSED.get(lower);
    return reason == null ? null : "cannot be named: " + lower + ' ' + reason;
  }

  /** Why a value cannot be sent; null when it can. */
  static @Nullable String valueRefusal(String value) {
    return sendable(value) ? null : "must be 1 to " + VALUE_FORM;
  }

  /** The same of a value that may be empty. */
  static @Nullable String valueOrEmptyRefusal(String value) {
    return value.isEmpty() || sendable(value) ? null : "must be up to " + VALUE_FORM;
  }

  private static boolean sendable(String value) {
    return value.length() <= Limits.HEADER_VALUE_LENGTH && VALUE.matcher(value).matches();
  }

  static boolean token(String text) {
    return TOKEN.matcher(text).matches();
  }
}
