package dev.portico.standins.cognito.user;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.pool.UserPool;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.store.RandomText;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Sends codes and checks the codes that users enter. */
public final class Codes {
  /** What a code is for, and how long it is good. */
  public enum Purpose {
    /** Confirms a sign-up. */
    SIGN_UP(Duration.ofHours(24)),
    /** Allows another password. */
    FORGOT_PASSWORD(Duration.ofHours(1)),
    /** Proves an email address of an account that is in use. */
    VERIFY_EMAIL(Duration.ofHours(24));

    private final Duration validity;

    Purpose(Duration validity) {
      this.validity = validity;
    }
  }

  private static final int WRONG_ENTRIES = 5;
  private static final int SENT_PER_HOUR = 10;

  private final Users users;
  private final Outbox outbox;
  private final Clock clock;
  private final Map<String, Deque<Long>> sent = new HashMap<>();

  /** Makes them. */
  public Codes(Users users, Outbox outbox, Clock clock) {
    this.users = users;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** Sends a code to the user's email address and tells where it went. */
  public ObjectNode send(UserPool pool, User user, String email, Purpose purpose) {
    checkLimit(pool, user, purpose).add(clock.millis());
    var value = RandomText.digits(6);
    user.codes.put(
        purpose.name(), new Code(value, clock.millis() + purpose.validity.toMillis(), 0));
    users.save(pool, user);
    outbox.send(
        new Message(clock.millis(), pool.id(), user.username(), email, purpose.name(), value));
    return delivery(email);
  }

  /** Refuses when the user was sent too many; returns when. */
  Deque<Long> checkLimit(UserPool pool, User user, Purpose purpose) {
    var times =
        sent.computeIfAbsent(
            pool.id() + "/" + user.sub() + "/" + purpose, key -> new ArrayDeque<>());
    long hourAgo = clock.millis() - Duration.ofHours(1).toMillis();
    times.removeIf(time -> time < hourAgo);
    if (times.size() >= SENT_PER_HOUR) {
      throw CognitoException.limitExceeded();
    }
    return times;
  }

  /** {@code CodeDeliveryDetails}, the address masked as Cognito does. */
  public static ObjectNode delivery(String email) {
    int at = email.indexOf('@');
    var masked =
        at < 1 || at == email.length() - 1
            ? "***"
            : email.charAt(0) + "***@" + email.charAt(at + 1) + "***";
    return Json.object()
        .put("AttributeName", "email")
        .put("DeliveryMedium", "EMAIL")
        .put("Destination", masked);
  }

  /** A telephone number, masked as Cognito does. */
  public static String masked(String phoneNumber) {
    int shown = Math.max(1, phoneNumber.length() - 4);
    return '+' + "*".repeat(shown - 1) + phoneNumber.substring(shown);
  }

  /** Uses up the code, or throws what Cognito throws. The caller saves the user. */
  public void use(UserPool pool, User user, Purpose purpose, String entered) {
    var code = user.codes.get(purpose.name());
    if (code == null) {
      throw expired();
    }
    if (code.failures() >= WRONG_ENTRIES) {
      throw CognitoException.limitExceeded();
    }
    if (code.expires() <= clock.millis()) {
      throw expired();
    }
    if (!code.value().equals(entered)) {
      user.codes.put(purpose.name(), code.failed());
      users.save(pool, user);
      throw mismatch();
    }
    user.codes.remove(purpose.name());
  }

  static CognitoException mismatch() {
    return CognitoException.of(
        "CodeMismatchException", "Invalid verification code provided, please try again.");
  }

  static CognitoException expired() {
    return CognitoException.of(
        "ExpiredCodeException", "Invalid code provided, please request a code again.");
  }
}
