package dev.portico.standins.cognito.signin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.pool.PoolClient;
import dev.portico.standins.cognito.pool.UserPool;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.srp.PasswordVerifier;
import dev.portico.standins.cognito.srp.SrpHandshake;
import dev.portico.standins.cognito.store.RandomText;
import dev.portico.standins.cognito.user.Users;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** USER_SRP_AUTH and its challenge PASSWORD_VERIFIER. */
final class SrpSignIn {
  /** Waits for the client's proof; without a sub the user does not exist and no proof will do. */
  private record Exchange(String clientId, @Nullable String sub, SrpHandshake handshake) {}

  private final Users users;
  private final SignIn signIn;
  private final ChallengeSessions<Exchange> exchanges;

  /** Makes the same salt for the same unknown name, as for a known one. */
  private final String decoy = RandomText.base64(32);

  SrpSignIn(Users users, SignIn signIn, Clock clock) {
    this.users = users;
    this.signIn = signIn;
    this.exchanges = new ChallengeSessions<>(clock);
  }

  ObjectNode begin(UserPool pool, PoolClient client, String name, String clientPublic) {
    var user = users.find(pool, name).orElse(null);
    if (user == null && !client.hidesUsers()) {
      throw CognitoException.userNotFound();
    }
    if (user != null) {
      signIn.checkNotLocked(user);
    }
    var password = user == null ? null : user.password();
    var id = user == null ? decoyId(name) : user.username();
    try {
      var handshake =
          SrpHandshake.answer(
              pool.shortName() + id, password == null ? decoyVerifier(id) : password, clientPublic);
      var sub = user == null || password == null ? null : user.sub();
      var block = exchanges.open(new Exchange(client.id(), sub, handshake));
      var answer = Json.object().put("ChallengeName", "PASSWORD_VERIFIER");
      answer
          .putObject("ChallengeParameters")
          .put("SALT", handshake.salt())
          .put("SECRET_BLOCK", blockText(block))
          .put("SRP_B", handshake.publicValue())
          .put("USERNAME", id)
          .put("USER_ID_FOR_SRP", id);
      return answer;
    } catch (IllegalArgumentException e) {
      throw CognitoException.invalidParameter("SRP_A is not valid");
    }
  }

  private String decoyId(String name) {
    return UUID.nameUUIDFromBytes((decoy + name).getBytes(StandardCharsets.UTF_8)).toString();
  }

  private PasswordVerifier decoyVerifier(String id) {
    var salt = decoyId(id).replace("-", "").replaceFirst("^0+", "");
    return new PasswordVerifier(salt, "2");
  }

  private static String blockText(String id) {
    return Base64.getEncoder().encodeToString(id.getBytes(StandardCharsets.US_ASCII));
  }

  ObjectNode prove(UserPool pool, PoolClient client, Map<String, String> responses) {
    var block = decode(Answers.required(responses, "PASSWORD_CLAIM_SECRET_BLOCK"));
    var id = new String(block, StandardCharsets.ISO_8859_1);
    var exchange = exchanges.find(id);
    // One guess per exchange.
    exchanges.close(id);
    if (!exchange.clientId().equals(client.id())) {
      throw CognitoException.notAuthorized("Invalid session for the user.");
    }
    var sub = exchange.sub();
    if (sub == null) {
      throw SignIn.wrongPassword();
    }
    var user = users.bySub(pool, sub).orElseThrow(CognitoException::userNotFound);
    signIn.checkNotLocked(user);
    signIn.requireProof(
        pool,
        user,
        exchange
            .handshake()
            .proves(
                block,
                Answers.required(responses, "TIMESTAMP"),
                decode(Answers.required(responses, "PASSWORD_CLAIM_SIGNATURE"))));
    return signIn.proceed(pool, client, user);
  }

  private static byte[] decode(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw SignIn.wrongPassword();
    }
  }
}
