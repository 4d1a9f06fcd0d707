package dev.portico.standins.cognito.user;

import dev.portico.standins.cognito.pool.UserPool;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.srp.PasswordVerifier;
import dev.portico.standins.cognito.store.DataFolder;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All accounts, kept in a folder and in memory. */
public final class Users {
  private final DataFolder data;
  private final Clock clock;
  private final Map<String, Map<String, User>> byPool = new HashMap<>();

  /** Reads what the folder has. */
  public Users(DataFolder data, Clock clock, Collection<UserPool> pools) {
    this.data = data;
    this.clock = clock;
    for (var pool : pools) {
      for (var file : data.list("pools/" + pool.id() + "/users")) {
        data.read("pools/" + pool.id() + "/users/" + file, User.class)
            .ifPresent(user -> of(pool.id()).put(user.sub(), user));
      }
    }
  }

  /** By {@code sub}. */
  private Map<String, User> of(String poolId) {
    return byPool.computeIfAbsent(poolId, id -> new LinkedHashMap<>());
  }

  /** How many users the pool has. */
  public int count(String poolId) {
    return of(poolId).size();
  }

  /** All users of a pool. */
  public List<User> all(UserPool pool) {
    return List.copyOf(of(pool.id()).values());
  }

  /**
   * Finds a user by name; one of the pool's own also by {@code sub}, or by email address where the
   * pool lets that stand for the name. Whom a provider proves has no other name than that of the
   * account, in its letters' case.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html">AdminGetUser</a>
   */
  public Optional<User> find(UserPool pool, String name) {
    return any(pool, user -> user.username().equals(name))
        .or(() -> any(pool, user -> isNameOf(pool, user, name)));
  }

  private Optional<User> any(UserPool pool, Predicate<User> which) {
    return of(pool.id()).values().stream().filter(which).findFirst();
  }

  private static boolean isNameOf(UserPool pool, User user, String name) {
    return !user.external()
        && (key(pool, user.username()).equals(key(pool, name))
            || user.sub().equals(name)
            || isAddressOf(pool, user, name));
  }

  private static boolean isAddressOf(UserPool pool, User user, String name) {
    var email = user.email();
    return email != null
        && pool.emailIsAlias()
        && !user.external()
        && (pool.usernameIsEmail() || user.emailVerified())
        && key(pool, email).equals(key(pool, name));
  }

  /**
   * The user whom a provider has proven before by an id, in its letters' case; never another who
   * has the name.
   */
  Optional<User> external(UserPool pool, String username, String provider, String id) {
    return any(
        pool, user -> user.username().equals(username) && Identities.has(user, provider, id));
  }

  /** As {@link #find}, or {@code UserNotFoundException}. */
  public User get(UserPool pool, String name) {
    return find(pool, name).orElseThrow(CognitoException::userNotFound);
  }

  /** The user of that {@code sub}, whoever proves it. No operation of the API asks for this. */
  public Optional<User> bySub(UserPool pool, String sub) {
    return Optional.ofNullable(of(pool.id()).get(sub));
  }

  /** Refuses an email address that belongs to another user, where it stands for the name. */
  public void checkAddressIsFree(UserPool pool, User user) {
    checkAddressIsFree(
        pool,
        user,
        user.email(),
        pool.usernameIsEmail() ? "UsernameExistsException" : "AliasExistsException");
  }

  /** The same for the address that a user of long standing wants; it is an alias by then. */
  public void checkAddressIsFree(UserPool pool, User user, @Nullable String wanted) {
    checkAddressIsFree(pool, user, wanted, "AliasExistsException");
  }

  private void checkAddressIsFree(
      UserPool pool, User user, @Nullable String wanted, String refusal) {
    if (wanted != null
        && pool.emailIsAlias()
        && of(pool.id()).values().stream()
            .anyMatch(other -> other != user && isAddressOf(pool, other, wanted))) {
      throw CognitoException.of(refusal, "An account with the given email already exists.");
    }
  }

  /** Keeps a new or changed user. */
  public void save(UserPool pool, User user) {
    user.touch(clock.millis());
    data.write(file(user), user);
    of(pool.id()).put(user.sub(), user);
  }

  /** Deletes a user. */
  public void delete(UserPool pool, User user) {
    of(pool.id()).remove(user.sub());
    data.delete(file(user));
  }

  /** Makes what is kept of a password. */
  public static PasswordVerifier verifier(UserPool pool, User user, String password) {
    return PasswordVerifier.create(pool.shortName() + user.username(), password);
  }

  private static String file(User user) {
    return "pools/" + user.poolId() + "/users/" + user.sub() + ".json";
  }

  private static String key(UserPool pool, String name) {
    return pool.caseSensitive() ? name : name.toLowerCase(Locale.ROOT);
  }
}
