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
            .ifPresent(user -> of(pool.id()).put(key(pool, user.username()), user));
      }
    }
  }

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
   * Finds a user by name, by {@code sub}, or by email address where the pool lets that stand for
   * the name.
   */
  public Optional<User> find(UserPool pool, String name) {
    var user = of(pool.id()).get(key(pool, name));
    if (user != null) {
      return Optional.of(user);
    }
    return of(pool.id()).values().stream()
        .filter(u -> u.sub().equals(name) || isAddressOf(pool, u, name))
        .findFirst();
  }

  private static boolean isAddressOf(UserPool pool, User user, String name) {
    var email = user.email();
    return email != null
        && pool.emailIsAlias()
        && (pool.usernameIsEmail() || user.emailVerified())
        && key(pool, email).equals(key(pool, name));
  }

  /** As {@link #find}, or {@code UserNotFoundException}. */
  public User get(UserPool pool, String name) {
    return find(pool, name).orElseThrow(CognitoException::userNotFound);
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
    of(pool.id()).put(key(pool, user.username()), user);
  }

  /** Deletes a user. */
  public void delete(UserPool pool, User user) {
    of(pool.id()).remove(key(pool, user.username()));
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
