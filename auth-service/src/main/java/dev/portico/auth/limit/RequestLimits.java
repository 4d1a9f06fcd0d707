package dev.portico.auth.limit;

import dev.portico.auth.error.Problem;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.authentication.Authentication;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Locale;

/**
 * Bounds what one account is tried with and one address tries. The address is asked first, so that
 * an address beyond its own limit does not use up those of accounts. What it lets by is answered at
 * an {@link AnswerTime}.
 */
@Singleton
public final class RequestLimits {
  private final Allowances attemptsByAddress;
  private final Allowances attemptsByAccount;
  private final Allowances messagesByAddress;
  private final Allowances messagesByAccount;

  RequestLimits(LimitSettings settings, Clock clock) {
    this.attemptsByAddress =
        new Allowances(settings.attemptsPerAddress(), settings.attemptsPeriod(), clock);
    this.attemptsByAccount =
        new Allowances(settings.attemptsPerAccount(), settings.attemptsPeriod(), clock);
    this.messagesByAddress =
        new Allowances(settings.messagesPerAddress(), settings.messagesPeriod(), clock);
    this.messagesByAccount =
        new Allowances(settings.messagesPerAccount(), settings.messagesPeriod(), clock);
  }

  /**
   * Before a password or a code is tried.
   *
   * @param name the name as typed
   * @throws Problem 429 with Retry-After
   */
  public void attempt(HttpRequest<?> request, String name) {
    attemptsByAddress.spend(ClientAddress.network(request));
    attemptsByAccount.spend(key(name));
    AnswerTime.ofAttempt(request);
  }

  /**
   * Before a refresh token is tried, which says nothing that one could count about whose it is.
   * Whether it is one, only Cognito can tell, whose quota is the whole pool's.
   *
   * @throws Problem 429 with Retry-After
   */
  public void attempt(HttpRequest<?> request) {
    attemptsByAddress.spend(ClientAddress.network(request));
  }

  /**
   * Before somebody signed in has a password or a code tried. Counted apart from names, so that
   * strangers who name the sub use nothing up.
   *
   * @throws Problem 429 with Retry-After
   */
  public void attempt(HttpRequest<?> request, Authentication caller) {
    attemptsByAddress.spend(ClientAddress.network(request));
    attemptsByAccount.spend(key(caller));
    AnswerTime.ofAttempt(request);
  }

  /**
   * Before a message is asked for.
   *
   * @param name the name as typed
   * @throws Problem 429 with Retry-After
   */
  public void message(HttpRequest<?> request, String name) {
    messagesByAddress.spend(ClientAddress.network(request));
    messagesByAccount.spend(key(name));
    AnswerTime.ofMessage(request);
  }

  /**
   * Before somebody signed in has a message sent. Counted apart from names.
   *
   * @throws Problem 429 with Retry-After
   */
  public void message(HttpRequest<?> request, Authentication caller) {
    messagesByAddress.spend(ClientAddress.network(request));
    messagesByAccount.spend(key(caller));
    AnswerTime.ofMessage(request);
  }

  private static String key(String name) {
    return "name:" + name.strip().toLowerCase(Locale.ROOT);
  }

  private static String key(Authentication caller) {
    return "sub:" + caller.getName();
  }
}
