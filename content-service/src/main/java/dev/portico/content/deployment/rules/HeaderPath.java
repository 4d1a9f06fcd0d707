package dev.portico.content.deployment.rules;

import static dev.portico.content.deployment.rules.RuleFile.quoted;

import java.util.HashSet;
import java.util.Set;

/** Judges the path of a rule in {@code _headers}. */
final class HeaderPath {
  private HeaderPath() {}

  /**
   * Checks a path.
   *
   * @return what values may name: its placeholders, and {@code splat} for its star
   */
  static Set<String> check(String text) {
    RulePaths.Address address = RulePaths.address(text);
    String authority = address.authority();
    if (authority != null) {
      RulePaths.host(authority);
    }
    String path = address.path();
    if (path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
      throw new RuleRejected(quoted(path) + " has a query or fragment, which no rule looks at");
    }
    if (path.chars().anyMatch(Character::isWhitespace)) {
      throw new RuleRejected(quoted(path) + " has white space; write %20");
    }
    int star = path.indexOf('*');
    if (star != path.lastIndexOf('*')) {
      throw new RuleRejected("a path can have one * only");
    }
    String[] segments = path.substring(1).split("/", -1);
    if (segments.length > RuleLimits.SEGMENTS) {
      throw new RuleRejected("the path has more than " + RuleLimits.SEGMENTS + " segments");
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < segments.length; i++) {
      String segment = segments[i];
      if (segment.isEmpty() && i < segments.length - 1) {
        throw new RuleRejected(quoted(path) + " has an empty segment");
      }
      if (!segment.startsWith(":")) {
        RulePaths.checkSegment(segment);
      } else if (!RulePaths.isName(segment.substring(1)) || !names.add(segment.substring(1))) {
        throw new RuleRejected(
            quoted(segment)
                + " is not a placeholder, or there twice: a colon, a letter, then letters, digits"
                + " and _");
      }
    }
    if (star >= 0) {
      names.add(RedirectSource.SPLAT);
    }
    return names;
  }
}
