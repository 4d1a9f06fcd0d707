package dev.portico.content.settings;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a document what a gateway reads: managed policies stand among the others, and policies
 * that nothing refers to are left out. References are ids of what is there; or of policies that
 * sites share, which gateways are given by themselves. Origins are all there: the rules of a
 * deployment, which are not known here, can lead to any of them. What is about access is as it was
 * given.
 */
final class SettingsCompiler {
  private final SettingsDocument document;
  private final Kept<CachePolicy> caches;
  private final Kept<OriginRequestPolicy> requests;
  private final Kept<ResponseHeadersPolicy> responses;

  private SettingsCompiler(SettingsDocument document) {
    this.document = document;
    this.caches = new Kept<>(document.cachePolicies(), CachePolicy::id, ManagedPolicies::find);
    this.requests =
        new Kept<>(
            document.originRequestPolicies(),
            OriginRequestPolicy::id,
            ManagedOriginRequestPolicies::find);
    this.responses =
        new Kept<>(
            document.responseHeadersPolicies(),
            ResponseHeadersPolicy::id,
            ManagedResponsePolicies::find);
  }

  static SettingsDocument compile(SettingsDocument document) {
    return new SettingsCompiler(document).compile();
  }

  private SettingsDocument compile() {
    List<Behaviour> behaviours =
        document.behaviours().stream()
            .map(
                each ->
                    each.withPolicies(
                        caches.resolve(each.cachePolicy()),
                        requests.resolve(each.originRequestPolicy()),
                        responses.resolve(each.responseHeadersPolicy())))
            .toList();
    DefaultBehaviour otherwise = document.defaultBehaviour();
    DefaultBehaviour resolved =
        otherwise.withPolicies(
            caches.resolve(otherwise.cachePolicy()),
            requests.resolve(otherwise.originRequestPolicy()),
            responses.resolve(otherwise.responseHeadersPolicy()));
    return new SettingsDocument(
        document.immutableAssets(),
        document.earlierAssetsSeconds(),
        document.files(),
        document.defaultRootObject(),
        document.origins(),
        caches.all(),
        requests.all(),
        responses.all().stream().map(ResponseHeadersPolicy::compiled).toList(),
        behaviours,
        resolved,
        document.api(),
        document.accessPolicies(),
        document.previewAccess(),
        document.publicKeys(),
        document.keyGroups(),
        document.signIn(),
        document.deploymentSettings());
  }

  /** The policies of one kind that are referred to. */
  private static final class Kept<T> {
    private final Map<String, T> own = new HashMap<>();
    private final Function<T, String> id;
    private final Function<String, Optional<T>> managed;
    private final Map<String, T> kept = new LinkedHashMap<>();

    Kept(List<T> own, Function<T, String> id, Function<String, Optional<T>> managed) {
      own.forEach(each -> this.own.putIfAbsent(id.apply(each), each));
      this.id = id;
      this.managed = managed;
    }

    /** The id of the policy referred to, which is kept unless it is shared. */
    @Nullable String resolve(@Nullable String reference) {
      if (reference == null) {
        return null;
      }
      T mine = own.get(reference);
      T policy = mine == null ? managed.apply(reference).orElse(null) : mine;
      if (policy == null) {
        return reference;
      }
      kept.putIfAbsent(id.apply(policy), policy);
      return id.apply(policy);
    }

    List<T> all() {
      return List.copyOf(kept.values());
    }
  }
}
