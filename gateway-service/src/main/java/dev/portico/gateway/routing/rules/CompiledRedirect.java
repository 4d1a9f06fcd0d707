package dev.portico.gateway.routing.rules;

import dev.portico.gateway.routing.Conventions;
import dev.portico.gateway.routing.Escapes;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One line of {@code _redirects}, ready to be asked: what it says of a path that it is for. */
final class CompiledRedirect {
  private static final int REWRITE = 200;

  private final RedirectRule rule;
  private final RulePath path;
  // Parameters that must have a value, and those whose value gets a name.
  private final Map<String, String> wanted = new HashMap<>();
  private final Map<String, String> named = new HashMap<>();
  private final @Nullable Template to;
  private final boolean elsewhere;

  CompiledRedirect(RedirectRule rule) {
    this.rule = rule;
    this.path = new RulePath(rule.path());
    Set<String> names = new HashSet<>(path.names());
    rule.query()
        .forEach(
            (name, value) -> {
              if (value.startsWith(":")) {
                named.put(name, value.substring(1));
                names.add(value.substring(1));
              } else {
                wanted.put(name, RequestFacts.decoded(value));
              }
            });
    String target = rule.to();
    this.elsewhere = target != null && !target.startsWith("/");
    int from = elsewhere ? Objects.requireNonNull(target).indexOf('/', "https://".length()) : 0;
    this.to = target == null ? null : Template.of(target, from, names);
  }

  RedirectRule rule() {
    return rule;
  }

  RulePath path() {
    return path;
  }

  /** A parameter that must have a value, as {@code name=value}; null when there is none. */
  @Nullable String parameter() {
    return wanted.entrySet().stream()
        .map(each -> key(each.getKey(), each.getValue()))
        .sorted()
        .findFirst()
        .orElse(null);
  }

  /** How a parameter is looked up. */
  static String key(String name, String value) {
    return name + '=' + value;
  }

  /**
   * What it says of a request whose path it is for.
   *
   * @param file whether there is a file at this path
   * @param conventions whose defaults hold
   * @return null when it does not hold
   */
  @Nullable RuleOutcome outcome(
      RedirectRequest request, RequestFacts facts, boolean file, Conventions conventions) {
    boolean shadowed = file && !rule.force() && !conventions.rulesFirst();
    if (shadowed || !isFor(request.contexts()) || !holds(facts)) {
      return null;
    }
    if (!rule.roles().isEmpty()) {
      Set<String> groups = facts.groups();
      if (groups == null) {
        return new RuleOutcome.AskGroups();
      }
      if (Collections.disjoint(groups, rule.roles())) {
        return null;
      }
    }
    Template target = to;
    if (target == null) {
      return new RuleOutcome.Absent(rule.status(), null);
    }
    Map<String, String> values = new HashMap<>();
    path.capture(request.path(), values);
    named.forEach((name, given) -> values.put(given, facts.query().getOrDefault(name, "")));
    String expanded = target.expand(values);
    boolean leads = rule.status() >= 300 && rule.status() < 400;
    if (expanded == null || (!leads && leavesItsPlace(target, values))) {
      return null;
    }
    return switch (rule.status()) {
      case REWRITE ->
          elsewhere ? proxy(expanded, request) : new RuleOutcome.Rewrite(local(expanded));
      case 404, 410 -> new RuleOutcome.Absent(rule.status(), local(expanded));
      default ->
          redirect(
              expanded, rule.impliedStatus() ? conventions.ruleStatus() : rule.status(), request);
    };
  }

  /**
   * Whether a value of the query would be more than a part of a segment to somebody who decodes the
   * path before taking it apart. (A location is for the viewer, who does not.)
   */
  private boolean leavesItsPlace(Template target, Map<String, String> values) {
    return named.values().stream()
        .filter(target::inPath)
        .anyMatch(name -> values.getOrDefault(name, "").chars().anyMatch(c -> divides((char) c)));
  }

  private static boolean divides(char c) {
    return c == '/' || c == '\\' || Character.isISOControl(c);
  }

  private boolean isFor(Set<String> contexts) {
    return rule.contexts().isEmpty() || !Collections.disjoint(rule.contexts(), contexts);
  }

  /**
   * The conditions on fields last: who looks at fields of a request makes its answers vary by them.
   */
  private boolean holds(RequestFacts facts) {
    if (!rule.query().isEmpty()) {
      Map<String, String> query = facts.query();
      for (Map.Entry<String, String> each : wanted.entrySet()) {
        if (!each.getValue().equals(query.get(each.getKey()))) {
          return false;
        }
      }
      if (!query.keySet().containsAll(named.keySet())) {
        return false;
      }
    }
    return (rule.languages().isEmpty() || facts.prefersOneOf(rule.languages()))
        && (rule.cookies().isEmpty() || facts.hasOneOf(rule.cookies()));
  }

  /** The path of a file. */
  private static String local(String target) {
    int query = target.indexOf('?');
    return oneSlash(Escapes.decode(query < 0 ? target : target.substring(0, query)));
  }

  /** A location that starts with two slashes names another host (RFC 3986, section 4.2). */
  private static String oneSlash(String target) {
    int slashes = 0;
    while (slashes < target.length() && target.charAt(slashes) == '/') {
      slashes++;
    }
    return slashes > 1 ? target.substring(slashes - 1) : target;
  }

  private @Nullable RuleOutcome redirect(String expanded, int status, RedirectRequest request) {
    String target = elsewhere ? expanded : oneSlash(expanded);
    int hash = target.indexOf('#');
    String fragment = hash < 0 ? "" : target.substring(hash);
    String address = hash < 0 ? target : target.substring(0, hash);
    String query = passedOn(address, request.query());
    if (query != null) {
      StringBuilder more = new StringBuilder(address).append('?');
      Escapes.encode(more, query, Escapes.QUERY);
      address = more.toString();
    }
    boolean tooLong = address.length() + fragment.length() > Template.LONGEST;
    if (tooLong || (fragment.isEmpty() && leadsTo(address, request))) {
      return null;
    }
    return new RuleOutcome.Redirect(status, address + fragment);
  }

  /** What of the request's query goes along: all but what the rule has taken up; null for none. */
  private @Nullable String passedOn(String address, @Nullable String query) {
    if (query == null || query.isEmpty() || address.indexOf('?') >= 0) {
      return null;
    }
    if (rule.query().isEmpty()) {
      return query;
    }
    StringBuilder rest = new StringBuilder();
    for (String each : query.split("&", -1)) {
      int equals = each.indexOf('=');
      String name = RequestFacts.decoded(equals < 0 ? each : each.substring(0, equals));
      if (!rule.query().containsKey(name)) {
        rest.append(rest.isEmpty() ? "" : "&").append(each);
      }
    }
    return rest.isEmpty() ? null : rest.toString();
  }

  /** Whether a viewer who goes there asks the same again, but for a slash at the end. */
  private boolean leadsTo(String address, RedirectRequest request) {
    String local = address;
    if (elsewhere) {
      String here = request.scheme() + "://" + request.authority();
      int end = address.indexOf('/', "https://".length());
      if (!address.substring(0, end).equalsIgnoreCase(here)) {
        return false;
      }
      local = address.substring(end);
    }
    int question = local.indexOf('?');
    String query = question < 0 ? "" : local.substring(question + 1);
    String there = Escapes.decode(question < 0 ? local : local.substring(0, question));
    StringBuilder asked = new StringBuilder();
    Escapes.encode(asked, request.query() == null ? "" : request.query(), Escapes.QUERY);
    return RulePath.withoutSlash(there).equals(RulePath.withoutSlash(request.path()))
        && query.contentEquals(asked);
  }

  private RuleOutcome.@Nullable Proxy proxy(String expanded, RedirectRequest request) {
    boolean tls = expanded.startsWith("https:");
    int start = expanded.indexOf("//") + 2;
    int end = expanded.indexOf('/', start);
    String authority = expanded.substring(start, end).toLowerCase(Locale.ROOT);
    int colon = authority.indexOf(':');
    int port = colon < 0 ? (tls ? 443 : 80) : Integer.parseInt(authority.substring(colon + 1));
    String host = colon < 0 ? authority : authority.substring(0, colon);
    int question = expanded.indexOf('?', end);
    String rawPath = question < 0 ? expanded.substring(end) : expanded.substring(end, question);
    for (String segment : rawPath.split("/", -1)) {
      String decoded = Escapes.decode(segment);
      if (decoded.equals(".") || decoded.equals("..")) {
        return null; // from a value in the query: no path of a request has them
      }
    }
    String own = question < 0 ? null : expanded.substring(question + 1);
    String query = own == null ? passedOn(rawPath, request.query()) : own;
    return new RuleOutcome.Proxy(tls, host, port, rawPath, query);
  }
}
