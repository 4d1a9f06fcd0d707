package dev.portico.content.deployment.rules;

import static dev.portico.content.deployment.rules.RuleFile.quoted;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which response fields {@code _headers} may set and remove. Where a message ends, what a
 * representation is and how it came about are for the gateway to say; docs/rules.md lists these.
 */
final class HeaderNames {
  // RFC 9110, sections 5.1 and 5.5.
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");
  private static final List<String> RESERVED =
      List.of("portico-", "cloudfront-", "x-amz-", "x-edge-", "proxy-");
  private static final Map<String, String> FORBIDDEN = new TreeMap<>();

  static {
    forbid(
        "is about one connection only", "connection keep-alive te upgrade http2-settings alt-svc");
    forbid(
        "says where the message ends",
        "content-length transfer-encoding trailer content-encoding content-range");
    forbid(
        "says which bytes are sent, which the gateway knows",
        "accept-ranges etag last-modified date age");
    forbid(
        "belongs to another kind of answer", "location retry-after allow www-authenticate status");
    forbid("says how the answer came about", "via server x-cache cache-status x-request-id");
    forbid(
        "would give every viewer the same cookie, from caches too; let an origin set cookies",
        "set-cookie set-cookie2");
    forbid(
        "is not possible: it would show the password to everybody; an access policy of the site's"
            + " settings asks for one",
        "basic-auth");
  }

  /** What a removal could only break. */
  private static final Set<String> KEPT = Set.of("vary", "content-type");

  private HeaderNames() {}

  private static void forbid(String reason, String names) {
    for (String name : names.split(" ", -1)) {
      FORBIDDEN.put(name, reason);
    }
  }

  static void checkField(String name, String value) {
    checkName(name);
    if (value.isEmpty()) {
      throw new RuleRejected(
          "the header " + name + " has no value; write ! " + name + " to remove");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c != '\t' && (c < ' ' || c > '~')) {
        throw new RuleRejected("the value of " + name + " has a character that is not ASCII");
      }
    }
  }

  static void checkRemoval(String name) {
    checkName(name);
    if (KEPT.contains(name.toLowerCase(Locale.ROOT))) {
      throw new RuleRejected(name + " cannot be removed");
    }
  }

  private static void checkName(String name) {
    if (!TOKEN.matcher(name).matches()) {
      throw new RuleRejected(quoted(name) + " is not the name of a header");
    }
    String lower = name.toLowerCase(Locale.ROOT);
    String reason = FORBIDDEN.get(lower);
    if (reason != null) {
      throw new RuleRejected(name + " " + reason);
    }
    for (String prefix : RESERVED) {
      if (lower.startsWith(prefix)) {
        throw new RuleRejected(name + " is reserved, like all that begin so");
      }
    }
  }
}
