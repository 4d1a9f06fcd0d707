package dev.portico.standins.cognito.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.pool.Pools;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.protocol.Operations;
import dev.portico.standins.cognito.protocol.Params;
import dev.portico.standins.cognito.user.Users;

/** What people do with the tokens they have. */
public final class TokenOperations {
  private final Pools pools;
  private final Users users;
  private final Tokens tokens;

  /** Makes them. */
  public TokenOperations(Pools pools, Users users, Tokens tokens) {
    this.pools = pools;
    this.users = users;
    this.tokens = tokens;
  }

  /** Adds the operations of this class. */
  public void register(Operations operations) {
    operations
        .open("GetTokensFromRefreshToken", this::refresh)
        .open("RevokeToken", this::revoke)
        .open("GlobalSignOut", this::globalSignOut);
  }

  private ObjectNode refresh(Params params) {
    var client = pools.client(params.text("ClientId"));
    client.checkSecret(params.optionalText("ClientSecret"));
    return Json.object(
        "AuthenticationResult", tokens.refresh(client, params.text("RefreshToken"), true));
  }

  private ObjectNode revoke(Params params) {
    var client = pools.client(params.text("ClientId"));
    try {
      client.checkSecret(params.optionalText("ClientSecret"));
    } catch (CognitoException wrongSecret) {
      throw CognitoException.of("UnauthorizedException", wrongSecret.text());
    }
    if (!client.revokesTokens()) {
      throw CognitoException.of(
          "UnsupportedOperationException", "Token revocation is not enabled for this client");
    }
    var token = params.text("Token");
    if (token.chars().filter(c -> c == '.').count() == 2) {
      throw CognitoException.of("UnsupportedTokenTypeException", "Unsupported token type");
    }
    if (!tokens.revoke(client, token)) {
      throw CognitoException.invalidParameter("Invalid token");
    }
    return Json.object();
  }

  private ObjectNode globalSignOut(Params params) {
    var bearer = tokens.verify(params.text("AccessToken"));
    bearer.user().signOutEverywhere();
    users.save(bearer.pool(), bearer.user());
    return Json.object();
  }
}
