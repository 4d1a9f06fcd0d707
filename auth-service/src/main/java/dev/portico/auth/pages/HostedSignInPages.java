package dev.portico.auth.pages;

import dev.portico.auth.error.Problem;
import dev.portico.auth.hosted.HostedLogin;
import dev.portico.auth.hosted.LoginAttempt;
import dev.portico.auth.hosted.LoginAttempts;
import dev.portico.auth.session.SignInOutcome;
import dev.portico.auth.session.SignInRecord;
import dev.portico.auth.session.Tokens;
import dev.portico.auth.signin.SignIns;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Hidden;
import org.jspecify.annotations.Nullable;

/** Where the hosted login sends browsers back to. */
@Hidden
@Controller
@Requires(bean = HostedLogin.class)
@Secured(SecurityRule.IS_ANONYMOUS)
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces("*/*") // the pages say themselves what they are
class HostedSignInPages {
  private final HostedLogin login;
  private final LoginAttempts attempts;
  private final Visits visits;
  private final Visitors visitors;
  private final Pages pages;
  private final SignInRecord written;
  private final SignIns signIns;

  HostedSignInPages(
      HostedLogin login,
      LoginAttempts attempts,
      Visits visits,
      Visitors visitors,
      Pages pages,
      SignInRecord written,
      SignIns signIns) {
    this.login = login;
    this.attempts = attempts;
    this.visits = visits;
    this.visitors = visitors;
    this.pages = pages;
    this.written = written;
    this.signIns = signIns;
  }

  @Get(HostedLogin.CALLBACK)
  MutableHttpResponse<String> callback(
      HttpRequest<?> request,
      @Nullable @QueryValue String state,
      @Nullable @QueryValue String code,
      @Nullable @QueryValue String error,
      @Nullable @QueryValue("error_description") String description) {
    LoginAttempt attempt =
        attempts.of(request, String.valueOf(state)).orElseThrow(HostedLogin::notBegunHere);
    if (error != null || code == null) {
      written.of(new SignInOutcome.Refused(), request);
      throw HostedLogin.refused(String.valueOf(error), description);
    }
    Tokens tokens = login.tokens(attempt, code);
    if (signIns.refuse(tokens)) {
      return again(request, attempt);
    }
    written.of(new SignInOutcome.SignedIn(tokens), request);
    MutableHttpResponse<String> response =
        pages.lead(request, visits.afterSignIn(attempt.requestUri(), attempt.next()));
    attempts.forget(response, attempt);
    return visitors.begin(request, response, tokens);
  }

  /**
   * The account was signed out everywhere, which the login page does not know: leads there once
   * more, for a fresh proof. Only once, so that there is no loop.
   *
   * @throws Problem 403 if it was asked for one already
   */
  private MutableHttpResponse<String> again(HttpRequest<?> request, LoginAttempt ended) {
    written.of(new SignInOutcome.Refused(), request);
    if (ended.again()) {
      throw HostedLogin.refused("ended", "all sign-ins of the account were ended meanwhile");
    }
    LoginAttempt fresh = login.begin(true, ended.requestUri(), ended.next());
    MutableHttpResponse<String> response = pages.lead(request, login.authorize(fresh, null));
    attempts.forget(response, ended);
    attempts.keep(request, response, fresh);
    return response;
  }
}
