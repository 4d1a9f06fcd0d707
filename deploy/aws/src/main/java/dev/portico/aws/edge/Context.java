package dev.portico.aws.edge;

import dev.portico.aws.data.DataStack;
import dev.portico.aws.settings.Settings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What every service is made from.
 *
 * @param settings of the deployment
 * @param data the other stack
 * @param network who may talk to whom
 * @param platform where services run
 * @param logs where their output goes
 */
record Context(Settings settings, DataStack data, Network network, Platform platform, Logs logs) {

  static final String CONTENT = "content";
  static final String AUTH = "auth";

  /** Whose access tokens count. */
  static final String CLIENT_IDS = "PORTICO_COGNITO_CLIENT_IDS";

  /** Settings that all three services have. */
  Map<String, String> environment() {
    String issuer =
        "https://cognito-idp."
            + settings.region()
            + ".amazonaws.com/"
            + data.people().pool().getUserPoolId();
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PORTICO_LOG_FORMAT", "json");
    environment.put("PORTICO_COGNITO_ISSUER", issuer);
    environment.put("PORTICO_COGNITO_JWKS_URL", issuer + "/.well-known/jwks.json");
    environment.put(CLIENT_IDS, String.join(",", data.people().clientIds()));
    if (settings.traces() != null) {
      environment.putAll(TraceCollector.environment());
    }
    return environment;
  }
}
