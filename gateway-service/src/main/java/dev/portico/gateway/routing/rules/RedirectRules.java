package dev.portico.gateway.routing.rules;

import dev.portico.gateway.routing.Conventions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a deployment's {@code _redirects}, compiled: the first that holds counts. What a
 * request costs depends on how many rules are for its path, and not on how many there are.
 * Immutable.
 */
public final class RedirectRules {
  /** Of a deployment without any. */
  public static final RedirectRules NONE = new RedirectRules(List.of());

  private final CompiledRedirect[] rules;
  private final PathIndex everywhere = new PathIndex();
  // By scheme and host: of a site with many host names only those for this one are looked at.
  private final Map<String, PathIndex> byHost = new HashMap<>();
  private final long footprint;

  private RedirectRules(List<RedirectRule> ordered) {
    this.rules = ordered.stream().map(CompiledRedirect::new).toArray(CompiledRedirect[]::new);
    long bytes = 0;
    for (int i = 0; i < rules.length; i++) {
      RedirectRule rule = rules[i].rule();
      String host = rule.host();
      PathIndex index =
          host == null
              ? everywhere
              : byHost.computeIfAbsent(key(rule.scheme(), host), text -> new PathIndex());
      index.add(i, rules[i].path(), rules[i].parameter());
      String to = rule.to();
      bytes += 1_000 + 4L * rule.path().length() + 4L * (to == null ? 0 : to.length());
    }
    this.footprint = bytes;
  }

  /** Rules in the order of their lines. */
  public static RedirectRules of(List<RedirectRule> ordered) {
    return ordered.isEmpty() ? NONE : new RedirectRules(ordered);
  }

  private static String key(@Nullable String scheme, String host) {
    return scheme + "://" + host;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return rules.length == 0;
  }

  /** About what they keep in memory, in bytes. */
  public long footprint() {
    return footprint;
  }

  /**
   * What the first rule says that holds for a request.
   *
   * @param file whether there is a file at its path, which only forced rules are stronger than
   *     unless the conventions have it otherwise
   * @param conventions whose defaults hold
   */
  public RuleAnswer find(RedirectRequest request, boolean file, Conventions conventions) {
    if (rules.length == 0) {
      return RuleAnswer.NONE;
    }
    RequestFacts facts = new RequestFacts(request);
    Numbers found = candidates(request, facts);
    if (found.size() == 0) {
      return RuleAnswer.NONE;
    }
    int[] numbers = found.sorted();
    for (int i = 0; i < found.size(); i++) {
      CompiledRedirect rule = rules[numbers[i]];
      RuleOutcome outcome = rule.outcome(request, facts, file, conventions);
      if (outcome != null) {
        return facts.answer(outcome, rule.rule().line());
      }
    }
    return facts.answer(null, 0);
  }

  /** The numbers of all rules that are looked at for a request. */
  Numbers candidates(RedirectRequest request, RequestFacts facts) {
    Numbers found = new Numbers();
    everywhere.collect(request.path(), facts, found);
    PathIndex own = byHost.isEmpty() ? null : byHost.get(key(request.scheme(), request.host()));
    if (own != null) {
      own.collect(request.path(), facts, found);
    }
    return found;
  }
}
