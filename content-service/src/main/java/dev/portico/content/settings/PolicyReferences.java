package dev.portico.content.settings;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which policies the behaviours of a document name that are neither its own nor CloudFront's: those
 * that sites share. A document's own come first, so that no shared policy that is made later
 * changes what a site says.
 */
final class PolicyReferences {
  private final Set<String> shared = new LinkedHashSet<>();

  private PolicyReferences() {}

  /** Their ids, in the order in which they are named. */
  static Set<String> shared(SettingsDocument document) {
    var references = new PolicyReferences();
    Predicate<String> caches =
        given(document.cachePolicies(), CachePolicy::id)
            .or(id -> ManagedPolicies.find(id).isPresent());
    Predicate<String> requests =
        given(document.originRequestPolicies(), OriginRequestPolicy::id)
            .or(id -> ManagedOriginRequestPolicies.find(id).isPresent());
    Predicate<String> responses =
        given(document.responseHeadersPolicies(), ResponseHeadersPolicy::id)
            .or(id -> ManagedResponsePolicies.find(id).isPresent());
    for (Behaviour each : document.behaviours()) {
      references.add(each.cachePolicy(), caches);
      references.add(each.originRequestPolicy(), requests);
      references.add(each.responseHeadersPolicy(), responses);
    }
    references.add(document.defaultBehaviour().cachePolicy(), caches);
    references.add(document.defaultBehaviour().originRequestPolicy(), requests);
    references.add(document.defaultBehaviour().responseHeadersPolicy(), responses);
    return references.shared;
  }

  private static <T> Predicate<String> given(List<T> own, Function<T, String> id) {
    return own.stream().map(id).collect(Collectors.toUnmodifiableSet())::contains;
  }

  private void add(@Nullable String reference, Predicate<String> given) {
    if (reference != null && !given.test(reference)) {
      shared.add(reference);
    }
  }
}
