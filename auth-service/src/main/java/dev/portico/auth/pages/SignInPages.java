package dev.portico.auth.pages;

import dev.portico.auth.limit.RequestLimits;
import dev.portico.auth.session.SessionAuthority;
import dev.portico.auth.session.SignInContext;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Hidden;

/** Signing in with a password. */
@Hidden
@Controller
@Secured(SecurityRule.IS_ANONYMOUS)
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces("*/*") // the pages say themselves what they are
class SignInPages {
  private final SessionAuthority sessions;
  private final RequestLimits limits;
  private final FormGuard guard;
  private final Steps steps;
  private final Pages pages;
  private final Visitors visitors;
  private final SignInFlow flow;

  SignInPages(
      SessionAuthority sessions,
      RequestLimits limits,
      FormGuard guard,
      Steps steps,
      Pages pages,
      Visitors visitors,
      SignInFlow flow) {
    this.sessions = sessions;
    this.limits = limits;
    this.guard = guard;
    this.steps = steps;
    this.pages = pages;
    this.visitors = visitors;
    this.flow = flow;
  }

  @Get("/")
  MutableHttpResponse<String> start(HttpRequest<?> request) {
    return pages.go(request, visitors.of(request).isPresent() ? "/account" : "/sign-in", null);
  }

  @Get("/sign-in")
  MutableHttpResponse<String> form(HttpRequest<?> request) {
    return pages.show(request, view(steps.name(request)));
  }

  @Post("/sign-in")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  MutableHttpResponse<String> signIn(HttpRequest<?> request, @Body String body) {
    Form form = guard.open(request, body);
    String name = form.text(Field.USERNAME);
    View view = view(name);
    return pages.submit(
        request,
        view,
        new Faults(form).username().password(Field.PASSWORD),
        () -> {
          limits.attempt(request, name);
          return flow.answer(
              request,
              view,
              name,
              sessions.signIn(name, form.typed(Field.PASSWORD), SignInContext.of(request)));
        });
  }

  /** Where sign-in leads to that took so long that the site must begin it anew. */
  @Get("/signed-in")
  MutableHttpResponse<String> signedIn(HttpRequest<?> request) {
    return pages.showReturn(request);
  }

  private static View view(String name) {
    return View.form("sign-in", "/sign-in")
        .field(Field.username(name))
        .field(Field.password(Field.PASSWORD))
        .link("/forgot", "sign-in.forgot")
        .link("/sign-up", "sign-in.sign-up");
  }
}
