package dev.portico.standins.cognito.pool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Params;
import java.net.URI;
import java.util.Set;

/**
 * Refuses settings of an app client that cannot work at the hosted endpoints, as AWS does.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html">CreateUserPoolClient</a>
 */
final class HostedLoginSettings {
  private static final String MACHINE = "client_credentials";
  private static final Set<String> FLOWS = Set.of("code", "implicit", MACHINE);

  private HostedLoginSettings() {}

  static void check(UserPool pool, PoolClient client) {
    var settings = client.settings();
    checkFlows(client, settings.path("AllowedOAuthFlows"));
    for (var scope : client.scopes()) {
      if (!Scopes.isStandard(scope) && !pool.hasCustomScope(scope)) {
        throw CognitoException.of(
            "ScopeDoesNotExistException", "Invalid scope requested: " + scope);
      }
    }
    if (settings.path("AllowedOAuthFlowsUserPoolClient").asBoolean(false)
        && (settings.path("AllowedOAuthFlows").isEmpty() || client.scopes().isEmpty())) {
      throw CognitoException.invalidParameter(
          "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to"
              + " use OAuth flows.");
    }
    client.callbackUrls().forEach(HostedLoginSettings::checkUrl);
    client.logoutUrls().forEach(HostedLoginSettings::checkUrl);
    var home = settings.path("DefaultRedirectURI").asText();
    if (!home.isEmpty() && !client.callbackUrls().contains(home)) {
      throw CognitoException.invalidParameter("The default redirect URI is not in CallbackURLs");
    }
    for (var provider : client.identityProviders()) {
      if (!provider.equals(PoolClient.POOL_ITSELF)
          && !pool.identityProviders().containsKey(provider)) {
        throw CognitoException.invalidParameter(
            "The provider " + provider + " does not exist for User Pool " + pool.id());
      }
    }
  }

  private static void checkFlows(PoolClient client, JsonNode flows) {
    boolean machine = false;
    for (var flow : flows) {
      if (!FLOWS.contains(flow.asText())) {
        throw Params.invalid(
            "AllowedOAuthFlows", flow.asText(), "Member must satisfy enum value set: " + FLOWS);
      }
      if (flow.asText().equals("implicit")) {
        throw CognitoException.unsupported("the implicit flow, which RFC 9700 advises against");
      }
      machine |= flow.asText().equals(MACHINE);
    }
    if (machine && flows.size() > 1) {
      throw invalidFlow(
          "client_credentials flow can not be selected along with code flow or implicit flow.");
    }
    if (machine && client.secret() == null) {
      throw invalidFlow(
          "client_credentials flow can not be selected if client does not have a client secret.");
    }
  }

  private static CognitoException invalidFlow(String message) {
    return CognitoException.of("InvalidOAuthFlowException", message);
  }

  /**
   * HTTPS, or a scheme of an app's own; HTTP for this machine alone. AWS takes {@code localhost}
   * and the loopback addresses there; here are names below {@code localhost}, too.
   */
  static void checkUrl(String url) {
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw CognitoException.invalidParameter(url + " is not a valid URI");
    }
    if (uri.getScheme() == null || uri.getRawFragment() != null) {
      throw CognitoException.invalidParameter(
          url + " must be absolute and have no fragment component");
    }
    if (uri.getScheme().equals("http") && !isThisMachine(String.valueOf(uri.getHost()))) {
      throw CognitoException.invalidParameter(url + " cannot use the HTTP protocol.");
    }
  }

  private static boolean isThisMachine(String host) {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.equals("127.0.0.1")
        || host.equals("[::1]");
  }
}
