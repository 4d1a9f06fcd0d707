package dev.portico.standins.cognito.hosted;

import dev.portico.standins.cognito.pool.UserPool;
import dev.portico.standins.cognito.store.RandomText;
import dev.portico.standins.cognito.user.User;
import dev.portico.standins.cognito.user.UserStatus;
import dev.portico.standins.cognito.user.Users;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Browsers that are logged in at the login page: for an hour, as at AWS, whatever becomes of the
 * tokens. Not kept over restarts.
 */
final class LoginCookies {
  private static final Duration VALIDITY = Duration.ofHours(1);

  private final Users users;
  private final Clock clock;
  private final Map<String, Login> byCookie = new HashMap<>();

  /**
   * One browser.
   *
   * @param poolId the pool
   * @param sub the user
   * @param provider the identity provider that has proven the user; null: the pool itself
   * @param authTime when the user was proven, in seconds since the epoch
   */
  record Login(String poolId, String sub, @Nullable String provider, long authTime) {
    boolean over(long now) {
      return now >= authTime + VALIDITY.toSeconds();
    }
  }

  LoginCookies(Users users, Clock clock) {
    this.users = users;
    this.clock = clock;
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  /** Logs a browser in. */
  Login open(UserPool pool, String sub, @Nullable String provider, String cookie) {
    byCookie.values().removeIf(login -> login.over(now()));
    var login = new Login(pool.id(), sub, provider, now());
    byCookie.put(cookie, login);
    return login;
  }

  /** The cookie's name: one for each pool, since all have the same address here. */
  static String name(UserPool pool) {
    return "cognito-" + pool.shortName();
  }

  private static String cookie(UserPool pool, HostedRequest request) {
    return request.cookies().getOrDefault(name(pool), "");
  }

  static String fresh() {
    return RandomText.base64(32);
  }

  /** Whether the browser is logged in to the pool, by an account that can be used. */
  @Nullable Login find(UserPool pool, HostedRequest request) {
    var login = byCookie.get(cookie(pool, request));
    return login != null
            && login.poolId().equals(pool.id())
            && !login.over(now())
            && users.bySub(pool, login.sub()).filter(LoginCookies::usable).isPresent()
        ? login
        : null;
  }

  private static boolean usable(User user) {
    return user.enabled()
        && (user.status() == UserStatus.CONFIRMED || user.status() == UserStatus.EXTERNAL_PROVIDER);
  }

  /** Logs a browser out of a pool. */
  void close(UserPool pool, HostedRequest request) {
    byCookie.remove(cookie(pool, request));
  }
}
