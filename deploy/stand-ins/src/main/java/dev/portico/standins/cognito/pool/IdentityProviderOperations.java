package dev.portico.standins.cognito.pool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.protocol.Operations;
import dev.portico.standins.cognito.protocol.Params;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Creates, describes, changes, deletes and lists the identity providers of a pool.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html">CreateIdentityProvider</a>
 */
public final class IdentityProviderOperations {
  private static final String NAME = "ProviderName";
  private static final String DETAILS = "ProviderDetails";
  private static final String MAPPING = "AttributeMapping";
  private static final String IDENTIFIERS = "IdpIdentifiers";
  private static final String PROVIDER = "IdentityProvider";
  private static final String USERNAME = "username";
  private static final String SUBJECT = "sub";
  private static final Pattern NAMES =
      Pattern.compile("[^_\\p{Z}][\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}][^_\\p{Z}]{1,30}");
  private static final Set<String> TYPES =
      Set.of("SAML", "Facebook", "Google", "LoginWithAmazon", "SignInWithApple", "OIDC");
  private static final List<String> REQUIRED =
      List.of(
          "client_id",
          "client_secret",
          "attributes_request_method",
          "oidc_issuer",
          "authorize_scopes");

  /** Where the provider is, if that is not found out from its issuer: all of these or none. */
  private static final List<String> ADDRESSES =
      List.of("authorize_url", "token_url", "attributes_url", "jwks_uri");

  private final Pools pools;
  private final Clock clock;

  /** Makes them. */
  public IdentityProviderOperations(Pools pools, Clock clock) {
    this.pools = pools;
    this.clock = clock;
  }

  /** Adds the operations of this class. */
  public void register(Operations operations) {
    operations
        .signed("CreateIdentityProvider", this::create)
        .signed("DescribeIdentityProvider", this::describe)
        .signed("GetIdentityProviderByIdentifier", this::byIdentifier)
        .signed("UpdateIdentityProvider", this::update)
        .signed("DeleteIdentityProvider", this::delete)
        .signed("ListIdentityProviders", this::list);
  }

  private UserPool pool(Params params) {
    return pools.get(params.text("UserPoolId"));
  }

  private ObjectNode create(Params params) {
    var pool = pool(params);
    var name = params.text(NAME);
    if (!NAMES.matcher(name).matches() || name.equals(PoolClient.POOL_ITSELF)) {
      throw Params.invalid(
          NAME, name, "Member must satisfy regular expression pattern: " + NAMES.pattern());
    }
    checkType(params.text("ProviderType"));
    if (pool.identityProviders().containsKey(name)) {
      throw CognitoException.of(
          "DuplicateProviderException", "Identity provider " + name + " already exists.");
    }
    long now = clock.millis();
    return keep(
        pool,
        new IdentityProvider(
            name, details(params), mapping(pool, params), identifiers(params), now, now));
  }

  private static void checkType(String type) {
    if (!TYPES.contains(type)) {
      throw Params.invalid("ProviderType", type, "Member must satisfy enum value set: " + TYPES);
    }
    if (!type.equals(IdentityProvider.TYPE)) {
      throw CognitoException.unsupported(
          "identity providers of the type " + type + ", only those of OpenID Connect (OIDC)");
    }
  }

  /** What is not given stays as it is. */
  private ObjectNode update(Params params) {
    var pool = pool(params);
    var known = pool.identityProvider(params.text(NAME));
    return keep(
        pool,
        new IdentityProvider(
            known.name(),
            params.json().has(DETAILS) ? details(params) : known.details(),
            params.json().has(MAPPING) ? mapping(pool, params) : known.mapping(),
            params.json().has(IDENTIFIERS) ? identifiers(params) : known.identifiers(),
            known.created(),
            clock.millis()));
  }

  private ObjectNode keep(UserPool pool, IdentityProvider provider) {
    for (var other : pool.identityProviders().values()) {
      if (!other.name().equals(provider.name())
          && other.identifiers().stream().anyMatch(provider.identifiers()::contains)) {
        throw CognitoException.of(
            "DuplicateProviderException", "An identifier is that of " + other.name());
      }
    }
    pool.identityProviders().put(provider.name(), provider);
    pools.save(pool);
    return Json.object(PROVIDER, provider.describe(pool.id()));
  }

  private static Map<String, String> details(Params params) {
    var details = params.map(DETAILS);
    for (var key : REQUIRED) {
      if (details.getOrDefault(key, "").isBlank()) {
        throw invalid("is missing: " + key);
      }
    }
    if (!Set.of("GET", "POST").contains(details.getOrDefault("attributes_request_method", ""))) {
      throw invalid("attributes_request_method is GET or POST");
    }
    if (!Scopes.of(details.getOrDefault("authorize_scopes", "")).contains(Scopes.OPENID)) {
      throw invalid("authorize_scopes is without openid");
    }
    long given = ADDRESSES.stream().filter(details::containsKey).count();
    if (given != 0 && given != ADDRESSES.size()) {
      throw invalid("needs all of " + ADDRESSES + ", or none for what the issuer itself says");
    }
    HostedLoginSettings.checkUrl(details.getOrDefault("oidc_issuer", ""));
    ADDRESSES.stream()
        .filter(details::containsKey)
        .map(key -> details.getOrDefault(key, ""))
        .forEach(HostedLoginSettings::checkUrl);
    return details;
  }

  private static CognitoException invalid(String what) {
    return CognitoException.invalidParameter(DETAILS + " of an OIDC provider: " + what);
  }

  private static Map<String, String> mapping(UserPool pool, Params params) {
    var mapping = new LinkedHashMap<>(params.map(MAPPING));
    if (!mapping.getOrDefault(USERNAME, SUBJECT).equals(SUBJECT)) {
      throw CognitoException.unsupported("another claim than sub for the user name");
    }
    mapping.remove(USERNAME);
    for (var attribute : mapping.keySet()) {
      pool.checkAttributes(Map.of(attribute, ""));
    }
    mapping.put(USERNAME, SUBJECT);
    return mapping;
  }

  private static List<String> identifiers(Params params) {
    var identifiers = params.list(IDENTIFIERS);
    for (var identifier : identifiers) {
      if (!identifier.matches("[\\w\\s+=.@-]{1,40}")) {
        throw Params.invalid(
            IDENTIFIERS,
            identifier,
            "Member must satisfy regular expression pattern: [\\w\\s+=.@-]+");
      }
    }
    return identifiers;
  }

  private ObjectNode describe(Params params) {
    var pool = pool(params);
    return Json.object(PROVIDER, pool.identityProvider(params.text(NAME)).describe(pool.id()));
  }

  private ObjectNode byIdentifier(Params params) {
    var pool = pool(params);
    var provider = pool.identityProviderBy(params.text("IdpIdentifier"));
    if (provider == null) {
      throw CognitoException.notFound("Identity provider does not exist.");
    }
    return Json.object(PROVIDER, provider.describe(pool.id()));
  }

  private ObjectNode delete(Params params) {
    var pool = pool(params);
    pool.identityProviders().remove(pool.identityProvider(params.text(NAME)).name());
    pools.save(pool);
    return Json.object();
  }

  private ObjectNode list(Params params) {
    return Pages.page(
        "Providers",
        "NextToken",
        List.copyOf(pool(params).identityProviders().values()),
        params.number("MaxResults", 60, 0, 60),
        params.optionalText("NextToken"),
        IdentityProvider::summary);
  }
}
