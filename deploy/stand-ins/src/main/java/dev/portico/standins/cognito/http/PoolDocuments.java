package dev.portico.standins.cognito.http;

import dev.portico.standins.cognito.pool.Pools;
import dev.portico.standins.cognito.pool.UserPool;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.token.Tokens;
import java.io.IOException;
import java.util.Map;

/** A pool's {@code /.well-known/jwks.json} and {@code /.well-known/openid-configuration}. */
public final class PoolDocuments {
  private final Pools pools;
  private final Tokens tokens;

  /** Makes them. */
  public PoolDocuments(Pools pools, Tokens tokens) {
    this.pools = pools;
    this.tokens = tokens;
  }

  void handle(Exchange exchange) throws IOException {
    var headers =
        Map.of(
            "Content-Type", "application/json",
            "Access-Control-Allow-Origin", "*",
            "Cache-Control", "public, max-age=86400");
    int end = exchange.path().indexOf('/', 1);
    try {
      var pool = pools.get(exchange.path().substring(1, Math.max(1, end)));
      switch (exchange.path().substring(Math.max(0, end))) {
        case "/.well-known/jwks.json" ->
            exchange.answer(200, headers, tokens.keySet(pool).toString());
        case "/.well-known/openid-configuration" ->
            exchange.answer(200, headers, configuration(exchange, pool));
        default -> exchange.answer(404, "application/json", "{\"message\":\"Not Found\"}");
      }
    } catch (CognitoException e) {
      exchange.answer(404, "application/json", Json.object().put("message", e.text()).toString());
    }
  }

  private String configuration(Exchange exchange, UserPool pool) {
    var base = "http://" + exchange.header("Host");
    var json =
        Json.object()
            .put("issuer", tokens.issuer(pool))
            .put("jwks_uri", base + "/" + pool.id() + "/.well-known/jwks.json")
            .put("authorization_endpoint", base + "/oauth2/authorize")
            .put("token_endpoint", base + "/oauth2/token")
            .put("revocation_endpoint", base + "/oauth2/revoke")
            .put("userinfo_endpoint", base + "/oauth2/userInfo")
            .put("end_session_endpoint", base + "/logout");
    json.putArray("id_token_signing_alg_values_supported").add("RS256");
    json.putArray("subject_types_supported").add("public");
    json.putArray("response_types_supported").add("code");
    json.putArray("token_endpoint_auth_methods_supported")
        .add("client_secret_basic")
        .add("client_secret_post");
    json.putArray("code_challenge_methods_supported").add("S256");
    json.putArray("scopes_supported").add("openid").add("email").add("phone").add("profile");
    return json.toString();
  }
}
