package dev.portico.content.deployment.rules;

import static dev.portico.content.deployment.rules.RuleFile.quoted;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a line of {@code _redirects} leads: what fits its status, and cannot lead astray. */
final class RedirectTarget {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> PAGES = Set.of(404, 410);
  private static final int REWRITE = 200;

  private RedirectTarget() {}

  /**
   * The destination as it is kept.
   *
   * @param to as written; null when the line has none
   */
  static @Nullable String of(@Nullable String to, int status, RedirectSource source) {
    boolean page = PAGES.contains(status);
    if (!page && status != REWRITE && !REDIRECTS.contains(status)) {
      throw new RuleRejected(
          "the status must be 200, 301, 302, 303, 307, 308, 404 or 410, not " + status);
    }
    if (to == null) {
      if (page) {
        return null;
      }
      if (status == REWRITE && source.open()) {
        return source.path().substring(0, source.path().length() - 1) + ":splat";
      }
      throw new RuleRejected(
          "a destination is missing: only 404, 410 and a path ending in /* with 200 can do without");
    }
    RulePaths.Address address = RulePaths.address(to);
    String authority = address.authority();
    if (authority != null) {
      if (page) {
        throw new RuleRejected("with status " + status + " the destination must be a path");
      }
      RulePaths.checkTarget(authority);
    } else if (to.startsWith("//")) {
      throw new RuleRejected("a destination that starts with // would lead to another host");
    }
    String path = RulePaths.encoded(address.path());
    if (path.indexOf('#') >= 0 && !REDIRECTS.contains(status)) {
      throw new RuleRejected("with status " + status + " the destination can have no fragment");
    }
    checkSegments(path, source);
    if (RulePaths.placeholders(path, source.names()) > RuleLimits.PLACEHOLDERS) {
      throw new RuleRejected(
          "the destination has more than " + RuleLimits.PLACEHOLDERS + " placeholders");
    }
    return authority == null ? path : address.scheme() + "://" + authority + path;
  }

  private static void checkSegments(String target, RedirectSource source) {
    int end = 0;
    while (end < target.length() && target.charAt(end) != '?' && target.charAt(end) != '#') {
      end++;
    }
    for (String segment : target.substring(1, end).split("/", -1)) {
      RulePaths.checkSegment(segment);
      if (segment.startsWith(":") && RulePaths.isName(segment.substring(1))) {
        checkName(segment, source);
      }
    }
    int query = target.indexOf('?');
    if (query >= 0) {
      for (String parameter : target.substring(query + 1).split("[&#]", -1)) {
        String value = parameter.substring(parameter.indexOf('=') + 1);
        if (value.startsWith(":") && RulePaths.isName(value.substring(1))) {
          checkName(value, source);
        }
      }
    }
  }

  private static void checkName(String placeholder, RedirectSource source) {
    if (!source.names().contains(placeholder.substring(1))) {
      throw new RuleRejected(
          "the destination has "
              + quoted(placeholder)
              + ", for which nothing stands before it; write %3A for a colon as such");
    }
  }
}
