package dev.portico.content.settings;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a document what a gateway reads: every reference is an id that is there, managed
 * policies stand among the others, and what nothing refers to is left out.
 */
final class SettingsCompiler {
  private final SettingsDocument document;
  private final Map<String, CachePolicy> policies = new LinkedHashMap<>();

  private SettingsCompiler(SettingsDocument document) {
    this.document = document;
  }

  static SettingsDocument compile(SettingsDocument document) {
    return new SettingsCompiler(document).compile();
  }

  private SettingsDocument compile() {
    List<Behaviour> behaviours =
        document.behaviours().stream()
            .map(each -> each.withCachePolicy(resolve(each.cachePolicy())))
            .toList();
    DefaultBehaviour otherwise = document.defaultBehaviour();
    DefaultBehaviour resolved = otherwise.withCachePolicy(resolve(otherwise.cachePolicy()));
    return new SettingsDocument(
        document.immutableAssets(),
        origins(),
        List.copyOf(policies.values()),
        behaviours,
        resolved);
  }

  /** The id of the policy referred to, which is kept. */
  private @Nullable String resolve(@Nullable String reference) {
    if (reference == null) {
      return null;
    }
    Optional<CachePolicy> own =
        document.cachePolicies().stream().filter(each -> each.id().equals(reference)).findFirst();
    CachePolicy policy = own.or(() -> ManagedPolicies.find(reference)).orElse(null);
    if (policy == null) {
      return null;
    }
    policies.putIfAbsent(policy.id(), policy);
    return policy.id();
  }

  private List<Origin> origins() {
    var used = new HashSet<String>();
    Stream.concat(
            document.behaviours().stream().map(Behaviour::origin),
            Stream.of(document.defaultBehaviour()).map(DefaultBehaviour::origin))
        .filter(Objects::nonNull)
        .forEach(used::add);
    document.origins().stream()
        .filter(each -> used.contains(each.id()))
        .map(Origin::failover)
        .filter(Objects::nonNull)
        .map(Origin.Failover::origin)
        .toList()
        .forEach(used::add);
    return document.origins().stream().filter(each -> used.contains(each.id())).toList();
  }
}
