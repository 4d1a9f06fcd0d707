package dev.portico.standins.cognito.user;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.pool.UserPool;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.srp.PasswordVerifier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An account. Changes count once {@link Users#save} kept them. Guarded by the server's one lock.
 */
public final class User {
  private String poolId = "";
  private String username = "";
  private UserStatus status = UserStatus.UNCONFIRMED;
  private boolean enabled = true;
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private final Set<String> groups = new TreeSet<>();
  private final Factors factors = new Factors();
  final Map<String, Code> codes = new LinkedHashMap<>();
  private @Nullable String pendingEmail;
  private @Nullable PasswordVerifier password;
  private long passwordExpires = Long.MAX_VALUE;
  private int failures;
  private long lockedUntil;
  private int signOuts;
  private long accessFrom;
  private long created;
  private long modified;

  /** For reading from a document. */
  @SuppressWarnings("unused") // Jackson calls it.
  private User() {}

  User(UserPool pool, String username, String sub, long now) {
    this.poolId = pool.id();
    this.username = username;
    this.created = now;
    this.modified = now;
    attributes.put("sub", sub);
  }

  /** The id of the pool it is in. */
  public String poolId() {
    return poolId;
  }

  /** The user name; equal to {@link #sub} where people sign in with their email address. */
  public String username() {
    return username;
  }

  /** The {@code sub}, which never changes. */
  public String sub() {
    return attributes.getOrDefault("sub", "");
  }

  /** Whether another identity provider proves it, and not the pool. */
  public boolean external() {
    return attributes.containsKey(Identities.ATTRIBUTE);
  }

  /** The attributes, {@code sub} among them. */
  public Map<String, String> attributes() {
    return attributes;
  }

  /** The email address, or null. */
  public @Nullable String email() {
    return attributes.get("email");
  }

  /** Whether the email address was proved. */
  public boolean emailVerified() {
    return Boolean.parseBoolean(attributes.get("email_verified"));
  }

  /** The telephone number, or null. */
  public @Nullable String phoneNumber() {
    return attributes.get("phone_number");
  }

  /** The email address that takes the place of the present one once it is proved, or null. */
  public @Nullable String pendingEmail() {
    return pendingEmail;
  }

  /** Has an address wait for its proof, or none. A code for another one proves nothing any more. */
  void pendingEmail(@Nullable String address) {
    this.pendingEmail = address;
    codes.remove(Codes.Purpose.VERIFY_EMAIL.name());
  }

  /** Its second factors. */
  public Factors factors() {
    return factors;
  }

  /** The second factors of which one must be proved at sign-in, by Cognito's names. */
  public List<String> factorsAsked(UserPool pool) {
    return factors.asked(pool, this);
  }

  /** The names of its groups. */
  public Set<String> groups() {
    return groups;
  }

  /** The status. */
  public UserStatus status() {
    return status;
  }

  void status(UserStatus next) {
    this.status = next;
  }

  /** Whether it may sign in. */
  public boolean enabled() {
    return enabled;
  }

  void enabled(boolean value) {
    this.enabled = value;
  }

  /** What is kept of its password, or null when it has none. */
  public @Nullable PasswordVerifier password() {
    return password;
  }

  /** Until when the password can be used; in milliseconds since the epoch. */
  public long passwordExpires() {
    return passwordExpires;
  }

  /** Sets a password for good. */
  public void setPassword(PasswordVerifier verifier) {
    setTemporaryPassword(verifier, UserStatus.CONFIRMED, Long.MAX_VALUE);
  }

  void setTemporaryPassword(PasswordVerifier verifier, UserStatus next, long expires) {
    this.password = verifier;
    this.status = next;
    this.passwordExpires = expires;
    this.failures = 0;
    this.lockedUntil = 0;
  }

  /** Until when sign-in is refused after failures; in milliseconds since the epoch. */
  public long lockedUntil() {
    return lockedUntil;
  }

  /**
   * Counts a wrong password. From the fifth on the account is locked, one second at first, each
   * time twice as long, 15 minutes at most.
   */
  public void countFailure(long now) {
    failures++;
    if (failures >= 5) {
      lockedUntil = now + Math.min(900, 1L << Math.min(failures - 5, 10)) * 1000;
    }
  }

  /** Forgets wrong passwords. */
  public void clearFailures() {
    failures = 0;
    lockedUntil = 0;
  }

  /** Whether there are wrong passwords to forget. */
  public boolean hasFailures() {
    return failures > 0;
  }

  /** Counts sign-outs everywhere; what was signed in under an earlier count is over. */
  public int signOuts() {
    return signOuts;
  }

  /** Ends every sign-in there was. */
  public void signOutEverywhere() {
    signOuts++;
  }

  /** Access tokens issued before are over; in seconds since the epoch. */
  public long accessFrom() {
    return accessFrom;
  }

  /**
   * Ends the access tokens of earlier seconds, and no refresh token.
   *
   * @param now in seconds since the epoch
   */
  void revokeAccess(long now) {
    accessFrom = now;
  }

  void touch(long now) {
    modified = now;
  }

  /** As {@code UserType}; AdminGetUser names the attributes differently. */
  ObjectNode describe(String attributesName) {
    var json = Json.object().put("Username", username);
    json.set(attributesName, describeAttributes());
    return json.put("UserCreateDate", Json.time(created))
        .put("UserLastModifiedDate", Json.time(modified))
        .put("Enabled", enabled)
        .put("UserStatus", status.name());
  }

  /** As a list of {@code AttributeType}. */
  public ArrayNode describeAttributes() {
    return Json.list(
        attributes.entrySet(),
        e -> Json.object().put("Name", e.getKey()).put("Value", e.getValue()));
  }
}
