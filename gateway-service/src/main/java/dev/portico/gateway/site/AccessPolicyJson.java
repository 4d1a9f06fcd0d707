package dev.portico.gateway.site;

import dev.portico.gateway.access.rule.AccessPolicy;
import dev.portico.gateway.access.rule.AccessPolicy.Accounts;
import dev.portico.gateway.access.rule.AccessPolicy.Authorizer;
import dev.portico.gateway.access.rule.AccessPolicy.Claim;
import dev.portico.gateway.access.rule.AccessPolicy.ForwardedClaim;
import dev.portico.gateway.access.rule.AccessPolicy.Password;
import dev.portico.gateway.access.rule.Role;
import dev.portico.gateway.origin.address.Cidr;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An access policy as content-service says it. Unlike elsewhere, a field that is not known is not
 * passed over: it may be what keeps somebody out. A policy with one, or with anything else that is
 * not as it should be, lets in nobody.
 */
final class AccessPolicyJson {
  private final Map<String, Object> said;
  private final Set<String> known = new HashSet<>();

  private AccessPolicyJson(Map<String, Object> said) {
    this.said = said;
  }

  /**
   * Reads a policy.
   *
   * @param keys by which requests may be signed, by id
   * @param groups ids of keys, by the id of their group
   */
  static AccessPolicy of(
      Map<String, Object> said, Map<String, PublicKey> keys, Map<String, List<String>> groups) {
    String id = String.valueOf(said.get("id"));
    try {
      return read(said, policy -> policy.policy(id, keys, groups));
    } catch (IllegalArgumentException | ClassCastException e) {
      return AccessPolicy.notUnderstood(id);
    }
  }

  private static <T> T read(Map<String, Object> said, Function<AccessPolicyJson, T> reader) {
    AccessPolicyJson json = new AccessPolicyJson(said);
    T read = reader.apply(json);
    if (!json.known.containsAll(said.keySet())) {
      throw new IllegalArgumentException("unknown fields among " + said.keySet());
    }
    return read;
  }

  private AccessPolicy policy(
      String id, Map<String, PublicKey> keys, Map<String, List<String>> groups) {
    text("id");
    AccessPolicy policy =
        new AccessPolicy(
            id,
            true,
            texts("exemptAddresses").stream().map(Cidr::parse).toList(),
            texts("requiredAddresses").stream().map(Cidr::parse).toList(),
            object("password", AccessPolicyJson::password),
            object("signedRequests", each -> each.keys(keys, groups)),
            object("authorizer", AccessPolicyJson::authorizer),
            accounts());
    if (policy.asksNothing()) {
      throw new IllegalArgumentException("names nothing that must hold");
    }
    return policy;
  }

  private Password password() {
    return new Password(required("value"), Duration.ofSeconds(number("rememberSeconds")));
  }

  private Map<String, PublicKey> keys(
      Map<String, PublicKey> keys, Map<String, List<String>> groups) {
    Map<String, PublicKey> good = new HashMap<>();
    for (String group : texts("keyGroups")) {
      for (String id : groups.getOrDefault(group, List.of())) {
        PublicKey key = keys.get(id);
        if (key != null) {
          good.put(id, key);
        }
      }
    }
    return good;
  }

  private Authorizer authorizer() {
    return new Authorizer(
        required("origin"),
        required("path"),
        Duration.ofSeconds(number("cacheSeconds")),
        texts("forwardHeaders").stream()
            .map(each -> each.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet()),
        texts("contextHeaders"));
  }

  private @Nullable Accounts accounts() {
    boolean asked = flag("signedIn");
    @Nullable Accounts groups =
        object(
            "groups",
            each ->
                new Accounts(
                    Set.copyOf(each.texts("any")),
                    Set.copyOf(each.texts("all")),
                    null,
                    List.of(),
                    Set.of(),
                    false,
                    false,
                    List.of(),
                    false));
    String member = text("member");
    List<Claim> claims = objects("claims", AccessPolicyJson::claim);
    List<String> scopes = texts("scopes");
    List<String> credentials = texts("credentials");
    List<ForwardedClaim> forwarded = objects("forwardClaims", AccessPolicyJson::forwarded);
    boolean token = flag("identityToken");
    if (!asked) {
      boolean more = groups != null || member != null || !claims.isEmpty() || !scopes.isEmpty();
      if (more) {
        throw new IllegalArgumentException("accounts without signedIn");
      }
      return null;
    }
    return new Accounts(
        groups == null ? Set.of() : groups.any(),
        groups == null ? Set.of() : groups.all(),
        member == null ? null : Role.of(member),
        claims,
        Set.copyOf(scopes),
        credentials.contains("session"),
        credentials.contains("bearer"),
        forwarded,
        token);
  }

  private Claim claim() {
    return new Claim(required("name"), Set.copyOf(texts("values")));
  }

  private ForwardedClaim forwarded() {
    return new ForwardedClaim(required("claim"), required("header"));
  }

  private @Nullable Object field(String name) {
    known.add(name);
    return said.get(name);
  }

  private @Nullable String text(String name) {
    return (String) field(name);
  }

  private String required(String name) {
    String text = text(name);
    if (text == null || text.isEmpty()) {
      throw new IllegalArgumentException("no " + name);
    }
    return text;
  }

  private long number(String name) {
    Object value = field(name);
    if (!(value instanceof Long number)) {
      throw new IllegalArgumentException("no " + name);
    }
    return number;
  }

  private boolean flag(String name) {
    Object value = field(name);
    return value != null && (Boolean) value;
  }

  private List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (Object each : list(name)) {
      texts.add((String) each);
    }
    return texts;
  }

  private List<?> list(String name) {
    Object value = field(name);
    return value == null ? List.of() : (List<?>) value;
  }

  private <T> @Nullable T object(String name, Function<AccessPolicyJson, T> reader) {
    Object value = field(name);
    return value == null ? null : read(fields(value), reader);
  }

  private <T> List<T> objects(String name, Function<AccessPolicyJson, T> reader) {
    List<T> read = new ArrayList<>();
    for (Object each : list(name)) {
      read.add(read(fields(each), reader));
    }
    return read;
  }

  private static Map<String, Object> fields(Object value) {
    Map<String, Object> fields = new HashMap<>();
    ((Map<?, ?>) value).forEach((name, each) -> fields.put((String) name, each));
    return fields;
  }
}
