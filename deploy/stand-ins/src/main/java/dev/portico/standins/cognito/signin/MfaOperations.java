package dev.portico.standins.cognito.signin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.pool.Pools;
import dev.portico.standins.cognito.pool.UserPool;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.protocol.Operations;
import dev.portico.standins.cognito.protocol.Params;
import dev.portico.standins.cognito.signin.Pending.FactorSetup;
import dev.portico.standins.cognito.token.Tokens;
import dev.portico.standins.cognito.user.Factors;
import dev.portico.standins.cognito.user.User;
import dev.portico.standins.cognito.user.Users;
import java.time.Clock;
import java.util.stream.Stream;

/** Second factors: an authenticator app's secret, its proof, and what is asked for at sign-in. */
final class MfaOperations {
  private final Pools pools;
  private final Users users;
  private final Tokens tokens;
  private final Clock clock;
  private final MfaSignIn mfa;

  MfaOperations(Pools pools, Users users, Tokens tokens, Clock clock, MfaSignIn mfa) {
    this.pools = pools;
    this.users = users;
    this.tokens = tokens;
    this.clock = clock;
    this.mfa = mfa;
  }

  void register(Operations operations) {
    operations
        .open("AssociateSoftwareToken", this::associate)
        .open("VerifySoftwareToken", this::verify)
        .open("SetUserMFAPreference", this::setPreference)
        .signed("AdminSetUserMFAPreference", this::adminSetPreference);
  }

  /** Whom a call is about by the session of MFA_SETUP. */
  private record Subject(UserPool pool, User user, FactorSetup waiting) {}

  private Subject bySession(String session) {
    var waiting = mfa.settingUp(session);
    var pool = pools.get(pools.client(waiting.clientId()).poolId());
    var user = users.bySub(pool, waiting.sub()).orElseThrow(CognitoException::userNotFound);
    return new Subject(pool, user, waiting);
  }

  private ObjectNode associate(Params params) {
    var session = params.optionalText("Session");
    if (session == null) {
      var bearer = tokens.verify(params.text("AccessToken"));
      return Json.object().put("SecretCode", associate(bearer.pool(), bearer.user()));
    }
    var subject = bySession(session);
    var secret = associate(subject.pool(), subject.user());
    return Json.object()
        .put("SecretCode", secret)
        .put("Session", mfa.next(session, subject.waiting()));
  }

  private String associate(UserPool pool, User user) {
    if (!pool.offersTotp()) {
      throw CognitoException.of(
          "SoftwareTokenMFANotFoundException",
          "Software Token MFA has not been enabled by the userPool");
    }
    var secret = user.factors().associate();
    users.save(pool, user);
    return secret;
  }

  private ObjectNode verify(Params params) {
    var session = params.optionalText("Session");
    var code = params.text("UserCode");
    var device = params.optionalText("FriendlyDeviceName");
    long seconds = clock.instant().getEpochSecond();
    if (session == null) {
      var bearer = tokens.verify(params.text("AccessToken"));
      bearer.user().factors().verify(code, device, seconds);
      users.save(bearer.pool(), bearer.user());
      return Json.object().put("Status", "SUCCESS");
    }
    var subject = bySession(session);
    var waiting = subject.waiting();
    subject.user().factors().verify(code, device, seconds);
    // Whoever must have one and has set up this one is asked for it from now on.
    subject.user().factors().set(Factors.TOTP, true, true);
    users.save(subject.pool(), subject.user());
    var next = mfa.next(session, new FactorSetup(waiting.clientId(), waiting.sub(), true));
    return Json.object().put("Status", "SUCCESS").put("Session", next);
  }

  private ObjectNode setPreference(Params params) {
    var bearer = tokens.verify(params.text("AccessToken"));
    return setPreference(bearer.pool(), bearer.user(), params);
  }

  private ObjectNode adminSetPreference(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    return setPreference(pool, users.get(pool, params.text("Username")), params);
  }

  private ObjectNode setPreference(UserPool pool, User user, Params params) {
    var totp = params.json().path("SoftwareTokenMfaSettings");
    var email = params.json().path("EmailMfaSettings");
    var texts = params.json().path("SMSMfaSettings");
    if (on(totp) && !user.factors().hasTotp()) {
      throw CognitoException.invalidParameter("User has not verified software token mfa");
    }
    if (on(email) && !(pool.offersEmailCodes() && user.emailVerified())) {
      throw CognitoException.invalidParameter(
          "User does not have delivery config set to turn on EMAIL_OTP");
    }
    if (on(texts) && !(pool.offersTextCodes() && user.phoneNumber() != null)) {
      throw CognitoException.invalidParameter(
          "User does not have delivery config set to turn on SMS_MFA");
    }
    if (Stream.of(totp, email, texts).filter(MfaOperations::preferred).count() > 1) {
      throw CognitoException.invalidParameter("Only one MFA method can be preferred.");
    }
    if (!totp.isMissingNode()) {
      user.factors().set(Factors.TOTP, on(totp), preferred(totp));
    }
    if (!email.isMissingNode()) {
      user.factors().set(Factors.EMAIL, on(email), preferred(email));
    }
    if (!texts.isMissingNode()) {
      user.factors().set(Factors.SMS, on(texts), preferred(texts));
    }
    users.save(pool, user);
    return Json.object();
  }

  private static boolean on(JsonNode settings) {
    return settings.path("Enabled").asBoolean(false);
  }

  private static boolean preferred(JsonNode settings) {
    return on(settings) && settings.path("PreferredMfa").asBoolean(false);
  }
}
