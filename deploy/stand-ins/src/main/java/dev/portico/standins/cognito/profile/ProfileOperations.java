package dev.portico.standins.cognito.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.protocol.Operations;
import dev.portico.standins.cognito.protocol.Params;
import dev.portico.standins.cognito.token.Tokens;
import dev.portico.standins.cognito.user.AttributeChanges;
import dev.portico.standins.cognito.user.Codes;
import dev.portico.standins.cognito.user.Codes.Purpose;
import dev.portico.standins.cognito.user.Users;
import java.util.LinkedHashMap;

/** What signed-in people do with their own account: read, change, verify, delete. */
public final class ProfileOperations {
  private final Users users;
  private final Tokens tokens;
  private final Codes codes;
  private final AttributeChanges changes;

  /** Makes them. */
  public ProfileOperations(Users users, Tokens tokens, Codes codes) {
    this.users = users;
    this.tokens = tokens;
    this.codes = codes;
    this.changes = new AttributeChanges(users, codes);
  }

  /** Adds the operations of this class. */
  public void register(Operations operations) {
    operations
        .open("GetUser", this::getUser)
        .open("DeleteUser", this::deleteUser)
        .open("UpdateUserAttributes", this::update)
        .open("DeleteUserAttributes", this::deleteAttributes)
        .open("GetUserAttributeVerificationCode", this::sendCode)
        .open("VerifyUserAttribute", this::verify);
  }

  private ObjectNode getUser(Params params) {
    var user = tokens.verify(params.text("AccessToken")).user();
    var answer = Json.object().put("Username", user.username());
    answer.set("UserAttributes", user.describeAttributes());
    user.factors().describe(answer);
    return answer;
  }

  private ObjectNode deleteUser(Params params) {
    var bearer = tokens.verify(params.text("AccessToken"));
    users.delete(bearer.pool(), bearer.user());
    return Json.object();
  }

  private ObjectNode update(Params params) {
    var bearer = tokens.verify(params.text("AccessToken"));
    return Json.object(
        "CodeDeliveryDetailsList",
        changes.apply(
            bearer.pool(), bearer.user(), bearer.client(), params.attributes("UserAttributes")));
  }

  private ObjectNode deleteAttributes(Params params) {
    var bearer = tokens.verify(params.text("AccessToken"));
    var removed = new LinkedHashMap<String, String>();
    params.list("UserAttributeNames").forEach(name -> removed.put(name, ""));
    changes.apply(bearer.pool(), bearer.user(), bearer.client(), removed);
    return Json.object();
  }

  private ObjectNode sendCode(Params params) {
    var bearer = tokens.verify(params.text("AccessToken"));
    requireEmail(params);
    var email = changes.addressToVerify(bearer.user());
    return Json.object(
        "CodeDeliveryDetails",
        codes.send(bearer.pool(), bearer.user(), email, Purpose.VERIFY_EMAIL));
  }

  private ObjectNode verify(Params params) {
    var bearer = tokens.verify(params.text("AccessToken"));
    requireEmail(params);
    changes.verify(bearer.pool(), bearer.user(), params.text("Code"));
    return Json.object();
  }

  private static void requireEmail(Params params) {
    var name = params.text("AttributeName");
    if (name.equals("phone_number")) {
      throw CognitoException.unsupported("the proof of telephone numbers");
    }
    if (!name.equals("email")) {
      throw CognitoException.invalidParameter("Invalid attribute name: " + name);
    }
  }
}
