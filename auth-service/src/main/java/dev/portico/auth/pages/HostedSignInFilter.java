package dev.portico.auth.pages;

import dev.portico.auth.hosted.HostedLogin;
import dev.portico.auth.hosted.LoginAttempt;
import dev.portico.auth.hosted.LoginAttempts;
import dev.portico.auth.signin.SignInCookie;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/**
 * Stands before the pages that the hosted login takes the place of, where one is configured:
 * opening the sign-in page leads there, and the others lead to that page.
 */
@ServerFilter({
  "/sign-in",
  "/sign-in/",
  "/challenge/**",
  "/sign-up/**",
  "/confirm/**",
  "/forgot/**",
  "/reset/**"
})
@Requires(bean = HostedLogin.class)
final class HostedSignInFilter {
  private final HostedLogin login;
  private final LoginAttempts attempts;
  private final Visits visits;
  private final Pages pages;

  HostedSignInFilter(HostedLogin login, LoginAttempts attempts, Visits visits, Pages pages) {
    this.login = login;
    this.attempts = attempts;
    this.visits = visits;
    this.pages = pages;
  }

  @RequestFilter
  @ExecuteOn(TaskExecutors.BLOCKING)
  MutableHttpResponse<String> lead(HttpRequest<?> request) {
    if (request.getMethod() == HttpMethod.POST || !isSignIn(request.getPath())) {
      return pages.go(request, "/sign-in", null);
    }
    LoginAttempt attempt =
        login.begin(mustProve(request), visits.requestUri(request), visits.nextPage(request));
    MutableHttpResponse<String> response =
        pages.lead(
            request, login.authorize(attempt, request.getParameters().get("identity_provider")));
    attempts.keep(request, response, attempt);
    return response;
  }

  /** With or without a slash behind it, as routes are matched. */
  private static boolean isSignIn(String path) {
    return path.equals("/sign-in") || path.equals("/sign-in/");
  }

  /**
   * Whether the login page must ask, whoever is logged in there: if the site wants it; if the
   * browser is signed in here, so that another account or a fresh proof is what it comes for; and
   * if it was, so that what was ended does not begin again by itself.
   */
  private boolean mustProve(HttpRequest<?> request) {
    return SignInCookie.of(request).isPresent() || visits.asksAgain(request);
  }
}
