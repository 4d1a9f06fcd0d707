package dev.portico.standins.cognito.user;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.portico.standins.cognito.pool.PoolClient;
import dev.portico.standins.cognito.pool.UserPool;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.user.Codes.Purpose;
import java.util.LinkedHashMap;
import java.util.Map;

/** Changes of attributes by the people themselves, who must prove a new email address. */
public final class AttributeChanges {
  private final Users users;
  private final Codes codes;

  /** Makes them. */
  public AttributeChanges(Users users, Codes codes) {
    this.users = users;
    this.codes = codes;
  }

  /**
   * Changes attributes, all or none; an empty value removes one.
   *
   * @return the {@code CodeDeliveryDetailsList}
   * @see <a
   *     href="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserAttributes.html">UpdateUserAttributes</a>
   */
  public ArrayNode apply(
      UserPool pool, User user, PoolClient client, Map<String, String> attributes) {
    pool.checkAttributes(attributes);
    var changed = new LinkedHashMap<>(user.attributes());
    attributes.forEach(
        (name, value) -> {
          if (name.endsWith("_verified") || !client.mayWrite(name)) {
            throw CognitoException.notAuthorized(
                "A client attempted to write unauthorized attribute");
          }
          pool.checkMutable(name);
          if (value.isEmpty()) {
            changed.remove(name);
          } else {
            changed.put(name, value);
          }
        });
    pool.checkRequiredAttributes(changed);
    if (pool.usernameIsEmail() && !changed.containsKey("email")) {
      throw CognitoException.invalidParameter(
          "Attributes did not conform to the schema: email: The attribute is required\n");
    }
    var sent = JsonNodeFactory.instance.arrayNode();
    var email = changed.get("email");
    if (email != null && !email.equals(user.email())) {
      changeEmail(pool, user, email, changed, sent);
    }
    user.attributes().clear();
    user.attributes().putAll(changed);
    users.save(pool, user);
    return sent;
  }

  private void changeEmail(
      UserPool pool, User user, String email, Map<String, String> changed, ArrayNode sent) {
    NewUser.requireAddress(email);
    users.checkAddressIsFree(pool, user, email);
    codes.checkLimit(pool, user, Purpose.VERIFY_EMAIL);
    var present = user.email();
    boolean kept = pool.keepsEmailUntilVerified() && present != null;
    if (kept) {
      changed.put("email", present);
      user.pendingEmail(email);
    } else {
      changed.put("email_verified", "false");
      user.pendingEmail(null);
    }
    if (kept || pool.verifiesEmail()) {
      sent.add(codes.send(pool, user, email, Purpose.VERIFY_EMAIL));
    }
  }

  /** The address that is to be proved: the one that waits, else the present one. */
  public String addressToVerify(User user) {
    var pending = user.pendingEmail();
    var email = pending == null ? user.email() : pending;
    if (email == null) {
      throw CognitoException.invalidParameter("User has no email to verify.");
    }
    return email;
  }

  /** Proves the address by its code, and puts one that waits in its place. */
  public void verify(UserPool pool, User user, String code) {
    var email = addressToVerify(user);
    codes.use(pool, user, Purpose.VERIFY_EMAIL, code);
    users.checkAddressIsFree(pool, user, email);
    user.attributes().put("email", email);
    user.attributes().put("email_verified", "true");
    user.pendingEmail(null);
    users.save(pool, user);
  }
}
