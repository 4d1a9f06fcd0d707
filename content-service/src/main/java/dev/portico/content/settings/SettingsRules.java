package dev.portico.content.settings;

import dev.portico.content.settings.Origin.Failover;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Judges how the fields of a document that was read go together, and where its origins are. */
final class SettingsRules {
  private final SettingsDocument document;
  private final Faults faults;

  private SettingsRules(SettingsDocument document, Faults faults) {
    this.document = document;
    this.faults = faults;
  }

  static void check(SettingsDocument document, InnerAddresses inner, Faults faults) {
    SettingsRules rules = new SettingsRules(document, faults);
    rules.unique("origins", document.origins(), Origin::id);
    rules.unique("cachePolicies", document.cachePolicies(), CachePolicy::id);
    rules.hosts(inner);
    rules.failovers();
    rules.patterns();
    rules.references();
  }

  private <T> void unique(String list, List<T> elements, Function<T, String> id) {
    var seen = new HashSet<String>();
    for (int i = 0; i < elements.size(); i++) {
      String each = id.apply(elements.get(i));
      if (!each.isEmpty() && !seen.add(each)) {
        faults.add(list + '[' + i + "].id", "is there twice");
      }
    }
  }

  private void hosts(InnerAddresses inner) {
    for (int i = 0; i < document.origins().size(); i++) {
      String host = document.origins().get(i).host();
      String refusal = host.isEmpty() ? null : inner.refusal(host);
      if (refusal != null) {
        faults.add("origins[" + i + "].host", refusal);
      }
    }
  }

  private void failovers() {
    Map<String, Origin> origins =
        document.origins().stream()
            .collect(Collectors.toMap(Origin::id, Function.identity(), (first, second) -> first));
    for (int i = 0; i < document.origins().size(); i++) {
      Origin origin = document.origins().get(i);
      Failover failover = origin.failover();
      if (failover == null || failover.origin().isEmpty()) {
        continue;
      }
      String path = "origins[" + i + "].failover.origin";
      Origin second = origins.get(failover.origin());
      if (second == null) {
        faults.add(path, none("origin", failover.origin()));
      } else if (second.id().equals(origin.id())) {
        faults.add(path, "is the origin itself");
      } else if (second.failover() != null) {
        faults.add(path, "has a failover of its own, which would not be followed");
      }
    }
  }

  private void patterns() {
    var seen = new HashSet<String>();
    for (int i = 0; i < document.behaviours().size(); i++) {
      String pattern = document.behaviours().get(i).pattern();
      boolean rooted = pattern.startsWith("/") || pattern.startsWith("*");
      if (!pattern.isEmpty() && !seen.add(rooted ? pattern : '/' + pattern)) {
        faults.add("behaviours[" + i + "].pattern", "is there twice; the first one counts");
      }
    }
  }

  private void references() {
    Set<String> origins =
        document.origins().stream().map(Origin::id).collect(Collectors.toUnmodifiableSet());
    Set<String> policies =
        document.cachePolicies().stream().map(CachePolicy::id).collect(Collectors.toSet());
    for (int i = 0; i < document.behaviours().size(); i++) {
      Behaviour behaviour = document.behaviours().get(i);
      reference(
          "behaviours[" + i + ']', behaviour.origin(), behaviour.cachePolicy(), origins, policies);
    }
    reference(
        "defaultBehaviour",
        document.defaultBehaviour().origin(),
        document.defaultBehaviour().cachePolicy(),
        origins,
        policies);
  }

  private void reference(
      String path,
      @Nullable String origin,
      @Nullable String cachePolicy,
      Set<String> origins,
      Set<String> policies) {
    if (origin != null && !origins.contains(origin)) {
      faults.add(path + ".origin", none("origin", origin));
    }
    if (cachePolicy != null
        && !policies.contains(cachePolicy)
        && ManagedPolicies.find(cachePolicy).isEmpty()) {
      faults.add(path + ".cachePolicy", none("cache policy", cachePolicy));
    }
  }

  private static String none(String kind, String id) {
    String shown = id.length() <= Limits.ID_LENGTH ? id : id.substring(0, Limits.ID_LENGTH) + '…';
    return "no " + kind + " \"" + shown + '"';
  }
}
