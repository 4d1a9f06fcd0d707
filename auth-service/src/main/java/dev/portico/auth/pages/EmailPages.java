package dev.portico.auth.pages;

import dev.portico.auth.audit.AuditLog;
import dev.portico.auth.limit.RequestLimits;
import dev.portico.auth.user.ProfileDirectory;
import dev.portico.auth.user.ProfileOutcome;
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

/** Another address for one's own account, proven by a mailed code. */
@Hidden
@Controller("/account/email")
@Secured(SecurityRule.IS_ANONYMOUS) // by the cookie, not by a token
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces("*/*") // the pages say themselves what they are
class EmailPages {
  private static final String CODE = "/account/email/code";

  private final Visitors visitors;
  private final ProfileDirectory profiles;
  private final RequestLimits limits;
  private final AuditLog audit;
  private final FormGuard guard;
  private final Steps steps;
  private final Pages pages;

  EmailPages(
      Visitors visitors,
      ProfileDirectory profiles,
      RequestLimits limits,
      AuditLog audit,
      FormGuard guard,
      Steps steps,
      Pages pages) {
    this.visitors = visitors;
    this.profiles = profiles;
    this.limits = limits;
    this.audit = audit;
    this.guard = guard;
    this.steps = steps;
    this.pages = pages;
  }

  @Get
  MutableHttpResponse<String> form(HttpRequest<?> request) {
    return visitors.freshlySignedIn(request, visitor -> pages.show(request, view(visitor, "")));
  }

  @Post
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  MutableHttpResponse<String> change(HttpRequest<?> request, @Body String body) {
    Form form = guard.open(request, body);
    String email = form.text(Field.EMAIL);
    return visitors.freshlySignedIn(
        request,
        visitor -> {
          View view = view(visitor, email);
          return pages.submit(
              request, view, new Faults(form).email(), () -> change(request, visitor, view, email));
        });
  }

  private MutableHttpResponse<String> change(
      HttpRequest<?> request, Visitor visitor, View view, String email) {
    limits.message(request, visitor.caller());
    ProfileOutcome outcome = profiles.changeEmail(visitor.accessToken(), email);
    if (outcome instanceof ProfileOutcome.Done) {
      audit.own("me.change-email", visitor.caller(), request);
      return pages.go(request, CODE, Step.named(email));
    }
    return pages.refuse(request, view, ProfileFaults.of(outcome, Field.EMAIL));
  }

  @Get("/code")
  MutableHttpResponse<String> codeForm(HttpRequest<?> request) {
    return visitors.signedIn(request, visitor -> pages.show(request, codeView(request, visitor)));
  }

  @Post("/code")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  MutableHttpResponse<String> prove(HttpRequest<?> request, @Body String body) {
    Form form = guard.open(request, body);
    return visitors.signedIn(
        request,
        visitor -> {
          View view = codeView(request, visitor);
          return pages.submit(
              request, view, new Faults(form).code(), () -> prove(request, visitor, view, form));
        });
  }

  private MutableHttpResponse<String> prove(
      HttpRequest<?> request, Visitor visitor, View view, Form form) {
    limits.attempt(request, visitor.caller());
    ProfileOutcome outcome = profiles.verifyEmail(visitor.accessToken(), form.text(Field.CODE));
    if (outcome instanceof ProfileOutcome.Done) {
      audit.own("me.verify-email", visitor.caller(), request);
      return pages.go(request, "/account", Step.noticed("notice.email-changed"));
    }
    return pages.refuse(request, view, ProfileFaults.of(outcome, Field.CODE));
  }

  @Post("/resend")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  MutableHttpResponse<String> resend(HttpRequest<?> request, @Body String body) {
    Form form = guard.open(request, body);
    return visitors.signedIn(
        request,
        visitor ->
            pages.submit(
                request,
                codeView(request, visitor),
                new Faults(form),
                () -> {
                  limits.message(request, visitor.caller());
                  profiles.sendEmailCode(visitor.accessToken());
                  Step step = steps.of(request).orElse(Step.named(""));
                  return pages.go(request, CODE, step.noting("notice.resent"));
                }));
  }

  private static View view(Visitor visitor, String email) {
    return View.form("account-email", "/account/email")
        .about(visitor.name())
        .field(Field.email(email))
        .link("/account", "back");
  }

  private View codeView(HttpRequest<?> request, Visitor visitor) {
    String typed = steps.name(request);
    return View.form("email-code", CODE)
        .about(typed.isEmpty() ? visitor.name() : typed)
        .field(Field.code())
        .button("/account/email/resend", "email-code.resend", "")
        .link("/account", "back");
  }
}
