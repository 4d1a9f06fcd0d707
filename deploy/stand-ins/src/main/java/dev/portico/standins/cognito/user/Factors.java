package dev.portico.standins.cognito.user;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.mfa.Totp;
import dev.portico.standins.cognito.pool.UserPool;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.store.RandomText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A user's second factors besides the password, by Cognito's names. Part of {@link User}. */
public final class Factors {
  /** One-time passwords of an authenticator app. */
  public static final String TOTP = "SOFTWARE_TOKEN_MFA";

  /** One-time passwords by email. */
  public static final String EMAIL = "EMAIL_OTP";

  /** One-time passwords by text message. */
  public static final String SMS = "SMS_MFA";

  private static final int SECRET_BYTES = 32;
  private static final int WRONG_CODES = 5;
  private static final long LOCK_MILLIS = 15 * 60 * 1000L;

  private final Set<String> enabled = new LinkedHashSet<>();
  private @Nullable String preferred;
  private @Nullable String secret;
  private @Nullable String pendingSecret;
  private @Nullable String deviceName;
  private long lastStep;
  private int failures;
  private long lockedUntil;

  /** Whether a secret was proved to be in an app. */
  public boolean hasTotp() {
    return secret != null;
  }

  /** The name of the app's device, or null. */
  public @Nullable String deviceName() {
    return deviceName;
  }

  /** A new secret, which takes the place of the present one once it is proved. */
  public String associate() {
    var fresh = Totp.encode(RandomText.bytes(SECRET_BYTES));
    pendingSecret = fresh;
    return fresh;
  }

  /**
   * Proves that the new secret is in an app.
   *
   * @param seconds the time since the epoch
   */
  public void verify(String code, @Nullable String device, long seconds) {
    var pending = pendingSecret;
    if (pending == null) {
      throw CognitoException.invalidParameter("No software token was associated with the user.");
    }
    var step = Totp.match(pending, code, seconds);
    if (step.isEmpty()) {
      throw CognitoException.of("EnableSoftwareTokenMFAException", "Code mismatch");
    }
    secret = pending;
    pendingSecret = null;
    deviceName = device;
    lastStep = step.getAsLong();
  }

  /**
   * Uses a code of the app; each is good for one sign-in (RFC 6238 section 5.2).
   *
   * @param millis the time since the epoch
   */
  public void useTotp(String code, long millis) {
    checkNotLocked(millis);
    var known = secret;
    var step = known == null ? OptionalLong.empty() : Totp.match(known, code, millis / 1000);
    if (step.isEmpty()) {
      throw wrongCode(millis);
    }
    if (step.getAsLong() <= lastStep) {
      throw CognitoException.of(
          "ExpiredCodeException", "Your software token has already been used once.");
    }
    lastStep = step.getAsLong();
    failures = 0;
  }

  /** Refuses while too many wrong codes were entered, whatever the password. */
  public void checkNotLocked(long millis) {
    if (lockedUntil > millis) {
      throw CognitoException.of(
          "TooManyFailedAttemptsException", "Too many failed attempts; try again later.");
    }
  }

  /** Counts a wrong code, for the caller to keep and to throw. */
  public CognitoException wrongCode(long millis) {
    failures++;
    if (failures >= WRONG_CODES) {
      failures = 0;
      lockedUntil = millis + LOCK_MILLIS;
    }
    return CognitoException.of("CodeMismatchException", "Invalid code received for user");
  }

  /** Forgets wrong codes. */
  public void clearFailures() {
    failures = 0;
  }

  /**
   * Switches a factor on or off.
   *
   * @param prefer whether it is asked for when there are several
   */
  public void set(String factor, boolean on, boolean prefer) {
    if (on) {
      enabled.add(factor);
    } else {
      enabled.remove(factor);
    }
    if (on && prefer) {
      preferred = factor;
    } else if (factor.equals(preferred)) {
      preferred = null;
    }
  }

  /** The factors of which one must be proved at sign-in: the preferred one alone, if there is. */
  List<String> asked(UserPool pool, User user) {
    var asked = new ArrayList<String>();
    if (pool.offersTotp() && hasTotp() && (enabled.contains(TOTP) || pool.requiresMfa())) {
      asked.add(TOTP);
    }
    if (pool.offersTextCodes()
        && user.phoneNumber() != null
        && (enabled.contains(SMS) || (pool.requiresMfa() && asked.isEmpty()))) {
      asked.add(SMS);
    }
    if (pool.offersEmailCodes()
        && user.emailVerified()
        && (enabled.contains(EMAIL) || (pool.requiresMfa() && !pool.offersTotp()))) {
      asked.add(EMAIL);
    }
    var first = preferred;
    return first != null && asked.contains(first) ? List.of(first) : List.copyOf(asked);
  }

  /** As GetUser and AdminGetUser tell them. */
  public void describe(ObjectNode user) {
    if (!enabled.isEmpty()) {
      var list = user.putArray("UserMFASettingList");
      enabled.forEach(list::add);
    }
    if (preferred != null) {
      user.put("PreferredMfaSetting", preferred);
    }
  }
}
