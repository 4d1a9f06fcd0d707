package dev.portico.content.deployment.rules;

import static dev.portico.content.deployment.rules.RuleFile.quoted;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What requests a line of {@code _redirects} is for, and which names it gives to parts of them. */
final class RedirectSource {
  /** What the star stands for, in a destination. */
  static final String SPLAT = "splat";

  private final @Nullable String scheme;
  private final @Nullable String host;
  private final String path;
  private final Set<String> names = new HashSet<>();
  private final Map<String, String> query = new LinkedHashMap<>();

  private RedirectSource(@Nullable String scheme, @Nullable String host, String path) {
    this.scheme = scheme;
    this.host = host;
    this.path = path;
  }

  /** Of the first token of a line. */
  static RedirectSource of(String token) {
    if (!token.startsWith("/") && !RulePaths.isUrl(token)) {
      throw new RuleRejected(
          quoted(token) + " must start with \"/\", or be a URL of http or https");
    }
    RulePaths.Address address = RulePaths.address(token);
    String authority = address.authority();
    RedirectSource source =
        new RedirectSource(
            address.scheme(), authority == null ? null : RulePaths.host(authority), address.path());
    source.checkPath();
    return source;
  }

  private void checkPath() {
    if (path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
      throw new RuleRejected(
          quoted(path) + " has a query or fragment: give parameters as name=value after the path");
    }
    String[] segments = path.substring(1).split("/", -1);
    if (segments.length > RuleLimits.SEGMENTS) {
      throw new RuleRejected("the path has more than " + RuleLimits.SEGMENTS + " segments");
    }
    for (int i = 0; i < segments.length; i++) {
      boolean last = i == segments.length - 1;
      if (segments[i].isEmpty()) {
        if (!last) {
          throw new RuleRejected(quoted(path) + " has an empty segment");
        }
      } else {
        checkSegment(segments[i], last);
      }
    }
  }

  private void checkSegment(String segment, boolean last) {
    if (segment.indexOf('*') >= 0) {
      if (!last || segment.length() > 1) {
        throw new RuleRejected("a * can only be the whole last segment of the path");
      }
      names.add(SPLAT);
    } else if (segment.startsWith(":")) {
      addName(segment);
    } else {
      RulePaths.checkSegment(segment);
    }
  }

  private void addName(String placeholder) {
    String name = placeholder.substring(1);
    if (!RulePaths.isName(name) || name.equals(SPLAT)) {
      throw new RuleRejected(
          quoted(placeholder)
              + " is not a placeholder: a colon, a letter, then letters, digits and _; not :splat");
    }
    if (!names.add(name)) {
      throw new RuleRejected("the placeholder " + quoted(placeholder) + " is there twice");
    }
  }

  /** Adds {@code name=value}. */
  void addParameter(String token) {
    int equals = token.indexOf('=');
    if (equals <= 0) {
      throw new RuleRejected(
          quoted(token)
              + " is neither a destination, which starts with \"/\", \"http://\" or \"https://\","
              + " nor a query parameter, name=value");
    }
    String value = token.substring(equals + 1);
    if (value.startsWith(":")) {
      addName(value);
    } else {
      RulePaths.decoded(value);
    }
    String name = RulePaths.decoded(token.substring(0, equals));
    if (query.putIfAbsent(name, value) != null) {
      throw new RuleRejected("the query parameter " + quoted(name) + " is there twice");
    }
  }

  @Nullable String scheme() {
    return scheme;
  }

  @Nullable String host() {
    return host;
  }

  String path() {
    return path;
  }

  /** Whether the path ends in a star. */
  boolean open() {
    return names.contains(SPLAT);
  }

  /** The names that parts of the request have. */
  Set<String> names() {
    return Set.copyOf(names);
  }

  Map<String, String> query() {
    return query;
  }
}
