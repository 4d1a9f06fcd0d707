package dev.portico.gateway.site;

import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.cache.semantics.OriginRequestPolicy;
import dev.portico.gateway.response.policy.PolicyRules;
import dev.portico.gateway.routing.Behaviour;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The policies that sites share. They are few: all are held, and read together. Settings get theirs
 * when they are installed and whenever a policy changes, so that a request sees one state of them.
 */
@Singleton
class SharedPolicies {
  private final ContentInternal content;
  private volatile Map<String, SharedPolicy> held = Map.of();

  SharedPolicies(ContentInternal content) {
    this.content = content;
  }

  /** Reads all of them. A content-service that knows none takes none away. */
  synchronized void read() throws IOException {
    List<SharedPolicy> read = content.policies();
    if (read != null) {
      held =
          read.stream()
              .collect(
                  Collectors.toUnmodifiableMap(
                      SharedPolicy::id, Function.identity(), (first, second) -> second));
    }
  }

  /**
   * Reads those that settings name and that are not held, if there are any; and then all others.
   * Waits for nobody who reads when all are held.
   *
   * @return whether they were read
   * @throws IOException when they cannot be read, or there are none of these names
   */
  boolean require(SiteSettings settings) throws IOException {
    return resolve(settings) == null && readFor(settings);
  }

  private synchronized boolean readFor(SiteSettings settings) throws IOException {
    if (resolve(settings) != null) {
      return false; // Another has read them meanwhile.
    }
    read();
    if (resolve(settings) == null) {
      throw new IOException("settings name policies that are not there: " + settings.lacking());
    }
    return true;
  }

  /**
   * Settings with the shared policies that they name as these are now, or as the settings have them
   * where one is not held any more; the same when nothing is to be changed. Null when they lack one
   * that is not held: then the settings are of no use.
   */
  @Nullable SiteSettings resolve(SiteSettings settings) {
    Map<String, SharedPolicy> policies = held;
    Resolving resolving = new Resolving(settings, policies);
    settings.behaviours().ordered().forEach(resolving::add);
    resolving.add(settings.behaviours().otherwise());
    return resolving.finish();
  }

  /** One look at what settings name. */
  private static final class Resolving {
    private final SiteSettings settings;
    private final Map<String, SharedPolicy> policies;
    private final Map<String, CachePolicy> caches = new HashMap<>();
    private final Map<String, OriginRequestPolicy> requests = new HashMap<>();
    private final Map<String, PolicyRules> responses = new HashMap<>();
    private final Map<String, Long> versions = new HashMap<>();
    private boolean lacking;

    Resolving(SiteSettings settings, Map<String, SharedPolicy> policies) {
      this.settings = settings;
      this.policies = policies;
    }

    void add(Behaviour behaviour) {
      add(behaviour.cachePolicy(), settings.cachePolicies(), SharedPolicy::cache, caches);
      add(
          behaviour.originRequestPolicy(),
          settings.requestPolicies(),
          SharedPolicy::originRequest,
          requests);
      add(
          behaviour.responseHeadersPolicy(),
          settings.responsePolicies(),
          SharedPolicy::responseHeaders,
          responses);
    }

    /** The site's own come first: they are there, and not among the shared ones. */
    private <T> void add(
        @Nullable String id,
        Map<String, T> there,
        Function<SharedPolicy, @Nullable T> kind,
        Map<String, T> found) {
      if (id == null || (there.containsKey(id) && !settings.sharedPolicies().containsKey(id))) {
        return;
      }
      SharedPolicy policy = policies.get(id);
      T rules = policy == null ? null : kind.apply(policy);
      if (policy != null && rules != null) {
        found.put(id, rules);
        versions.put(id, policy.version());
      } else if (!there.containsKey(id)) {
        lacking = true;
      } else {
        versions.putIfAbsent(id, Objects.requireNonNull(settings.sharedPolicies().get(id)));
      }
    }

    private @Nullable SiteSettings finish() {
      if (lacking) {
        return null;
      }
      return versions.equals(settings.sharedPolicies())
          ? settings
          : settings.with(caches, requests, responses, versions);
    }
  }
}
