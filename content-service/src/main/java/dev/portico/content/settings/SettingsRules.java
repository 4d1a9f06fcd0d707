package dev.portico.content.settings;

import dev.portico.content.settings.Origin.Failover;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Judges how the fields of a document that was read go together, and where its origins are. */
final class SettingsRules {
  private final SettingsDocument document;
  private final Faults faults;
  private final Predicate<String> given;
  private final Map<String, PolicyKind> kinds;

  private SettingsRules(
      SettingsDocument document,
      Predicate<String> given,
      SettingsEnvironment environment,
      Faults faults) {
    this.document = document;
    this.given = given;
    this.kinds = environment.sharedPolicies(PolicyReferences.shared(document));
    this.faults = faults;
  }

  static void check(SettingsDocument document, SettingsEnvironment environment, Faults faults) {
    check(document, key -> true, environment, faults);
  }

  /**
   * Judges some top-level keys of a document whose others are given elsewhere: what may be there is
   * not missed.
   *
   * @param keys those that are given
   */
  static void checkPart(
      SettingsDocument document, Set<String> keys, SettingsEnvironment environment, Faults faults) {
    check(document, keys::contains, environment, faults);
  }

  /** Notes whatever a document names and does not have. */
  static void checkReferences(
      SettingsDocument document, SettingsEnvironment environment, Faults faults) {
    SettingsRules rules = new SettingsRules(document, key -> true, environment, faults);
    rules.failovers();
    rules.references();
  }

  private static void check(
      SettingsDocument document,
      Predicate<String> given,
      SettingsEnvironment environment,
      Faults faults) {
    SettingsRules rules = new SettingsRules(document, given, environment, faults);
    rules.unique("origins", document.origins(), Origin::id);
    rules.unique("cachePolicies", document.cachePolicies(), CachePolicy::id);
    rules.unique(
        "originRequestPolicies", document.originRequestPolicies(), OriginRequestPolicy::id);
    rules.unique(
        "responseHeadersPolicies", document.responseHeadersPolicies(), ResponseHeadersPolicy::id);
    rules.unique("accessPolicies", document.accessPolicies(), AccessPolicy::id);
    rules.unique("publicKeys", document.publicKeys(), AccessKey::id);
    rules.unique("keyGroups", document.keyGroups(), AccessKeyGroup::id);
    rules.claims();
    rules.hosts(environment.inner());
    rules.failovers();
    rules.patterns();
    rules.references();
    rules.sharedPolicies();
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

  /**
   * Here and not where they are read: what was stored before this rule goes on to be understood.
   */
  private void claims() {
    for (int i = 0; i < document.accessPolicies().size(); i++) {
      List<AccessPolicy.Claim> claims = document.accessPolicies().get(i).claims();
      for (int j = 0; j < claims.size(); j++) {
        String refusal = SelfSetClaims.refusal(claims.get(j).name());
        if (refusal != null) {
          faults.add("accessPolicies[" + i + "].claims[" + j + "].name", refusal);
        }
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
    References origins =
        new References("origin", "origins", ids(document.origins(), Origin::id), id -> false);
    References caches =
        new References(
            "cache policy",
            "cachePolicies",
            ids(document.cachePolicies(), CachePolicy::id),
            id -> ManagedPolicies.find(id).isPresent() || shares(id, PolicyKind.CACHE));
    References requests =
        new References(
            "origin request policy",
            "originRequestPolicies",
            ids(document.originRequestPolicies(), OriginRequestPolicy::id),
            id ->
                ManagedOriginRequestPolicies.find(id).isPresent()
                    || shares(id, PolicyKind.ORIGIN_REQUEST));
    References responses =
        new References(
            "response headers policy",
            "responseHeadersPolicies",
            ids(document.responseHeadersPolicies(), ResponseHeadersPolicy::id),
            id ->
                ManagedResponsePolicies.find(id).isPresent()
                    || shares(id, PolicyKind.RESPONSE_HEADERS));
    References access =
        new References(
            "access policy",
            "accessPolicies",
            ids(document.accessPolicies(), AccessPolicy::id),
            id -> false);
    for (int i = 0; i < document.behaviours().size(); i++) {
      Behaviour behaviour = document.behaviours().get(i);
      String path = "behaviours[" + i + "].";
      origins.check(path + "origin", behaviour.origin());
      caches.check(path + "cachePolicy", behaviour.cachePolicy());
      requests.check(path + "originRequestPolicy", behaviour.originRequestPolicy());
      responses.check(path + "responseHeadersPolicy", behaviour.responseHeadersPolicy());
      access.check(path + "accessPolicy", behaviour.accessPolicy());
    }
    DefaultBehaviour otherwise = document.defaultBehaviour();
    origins.check("defaultBehaviour.origin", otherwise.origin());
    caches.check("defaultBehaviour.cachePolicy", otherwise.cachePolicy());
    requests.check("defaultBehaviour.originRequestPolicy", otherwise.originRequestPolicy());
    responses.check("defaultBehaviour.responseHeadersPolicy", otherwise.responseHeadersPolicy());
    access.check("defaultBehaviour.accessPolicy", otherwise.accessPolicy());
    access.check("previewAccess", document.previewAccess());
    signatures();
    for (int i = 0; i < document.accessPolicies().size(); i++) {
      AccessPolicy.Authorizer authorizer = document.accessPolicies().get(i).authorizer();
      if (authorizer != null && !authorizer.origin().isEmpty()) {
        origins.check("accessPolicies[" + i + "].authorizer.origin", authorizer.origin());
      }
    }
  }

  /** Whose signatures are good: groups of policies, and keys of groups. */
  private void signatures() {
    References groups =
        new References(
            "key group", "keyGroups", ids(document.keyGroups(), AccessKeyGroup::id), id -> false);
    References keys =
        new References(
            "public key", "publicKeys", ids(document.publicKeys(), AccessKey::id), id -> false);
    for (int i = 0; i < document.accessPolicies().size(); i++) {
      AccessPolicy.SignedRequests signed = document.accessPolicies().get(i).signedRequests();
      for (int j = 0; signed != null && j < signed.keyGroups().size(); j++) {
        groups.check(
            "accessPolicies[" + i + "].signedRequests.keyGroups[" + j + ']',
            signed.keyGroups().get(j));
      }
    }
    for (int i = 0; i < document.keyGroups().size(); i++) {
      List<String> named = document.keyGroups().get(i).publicKeys();
      for (int j = 0; j < named.size(); j++) {
        keys.check("keyGroups[" + i + "].publicKeys[" + j + ']', named.get(j));
      }
    }
  }

  private boolean shares(String id, PolicyKind kind) {
    return kinds.get(id) == kind;
  }

  /** Of a part it is not known which of them another part defines itself. */
  private void sharedPolicies() {
    boolean whole =
        Stream.of("cachePolicies", "originRequestPolicies", "responseHeadersPolicies")
            .allMatch(given);
    if (whole && kinds.size() > Limits.SHARED_POLICIES) {
      faults.add(
          "behaviours",
          "name "
              + kinds.size()
              + " shared policies, with those of defaultBehaviour, more than "
              + Limits.SHARED_POLICIES);
    }
  }

  private static <T> Set<String> ids(List<T> elements, Function<T, String> id) {
    return elements.stream().map(id).collect(Collectors.toUnmodifiableSet());
  }

  /** What references of one kind may name. */
  private final class References {
    private final String kind;
    private final Set<String> own;
    private final Predicate<String> managed;

    References(String kind, String list, Set<String> own, Predicate<String> managed) {
      this.kind = kind;
      this.own = own;
      this.managed = given.test(list) ? managed : id -> true;
    }

    void check(String path, @Nullable String reference) {
      if (reference != null && !own.contains(reference) && !managed.test(reference)) {
        faults.add(path, none(kind, reference));
      }
    }
  }

  private static String none(String kind, String id) {
    String shown = id.length() <= Limits.ID_LENGTH ? id : id.substring(0, Limits.ID_LENGTH) + '…';
    return "no " + kind + " \"" + shown + '"';
  }
}
