package dev.portico.auth.pages;

import dev.portico.auth.audit.AuditLog;
import dev.portico.auth.limit.RequestLimits;
import dev.portico.auth.mfa.TotpAuthority;
import dev.portico.auth.session.ChallengeKind;
import dev.portico.auth.user.UserDirectory;
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
import java.util.List;
import java.util.Optional;

/** The authenticator app of one's own account: set up, or removed. */
@Hidden
@Controller("/account/authenticator")
@Secured(SecurityRule.IS_ANONYMOUS) // by the cookie, not by a token
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces("*/*") // the pages say themselves what they are
class AuthenticatorPages {
  private static final String PATH = "/account/authenticator";
  private final Visitors visitors;
  private final UserDirectory users;
  private final TotpAuthority totp;
  private final RequestLimits limits;
  private final AuditLog audit;
  private final FormGuard guard;
  private final Steps steps;
  private final Pages pages;
  private final Enrolments enrolments;

  AuthenticatorPages(
      Visitors visitors,
      UserDirectory users,
      TotpAuthority totp,
      RequestLimits limits,
      AuditLog audit,
      FormGuard guard,
      Steps steps,
      Pages pages,
      Enrolments enrolments) {
    this.visitors = visitors;
    this.users = users;
    this.totp = totp;
    this.limits = limits;
    this.audit = audit;
    this.guard = guard;
    this.steps = steps;
    this.pages = pages;
    this.enrolments = enrolments;
  }

  @Get
  MutableHttpResponse<String> form(HttpRequest<?> request) {
    return visitors.freshlySignedIn(
        request,
        visitor -> {
          if (inUse(visitor)) {
            return pages.show(request, removeView());
          }
          Optional<Step> begun = begun(request, visitor);
          return begun.isPresent()
              ? pages.show(request, setUpView(begun.get()))
              : begin(request, visitor);
        });
  }

  /** A new secret, which stays the same until it is in the app or the time for it is over. */
  private MutableHttpResponse<String> begin(HttpRequest<?> request, Visitor visitor) {
    return totp.associate(visitor.accessToken())
        .map(
            app -> {
              Step step = Step.named(visitor.name()).settingUp(app);
              MutableHttpResponse<String> response = pages.show(request, setUpView(step));
              steps.keep(request, response, step);
              return response;
            })
        .orElseGet(() -> pages.show(request, View.of("no-apps").link("/account", "back"), 403));
  }

  @Post
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  MutableHttpResponse<String> prove(HttpRequest<?> request, @Body String body) {
    Form form = guard.open(request, body);
    return visitors.freshlySignedIn(
        request,
        visitor ->
            begun(request, visitor)
                .map(
                    step ->
                        pages.submit(
                            request,
                            setUpView(step),
                            new Faults(form).code(),
                            () -> prove(request, visitor, step, form)))
                .orElseGet(() -> pages.go(request, PATH, null)));
  }

  private MutableHttpResponse<String> prove(
      HttpRequest<?> request, Visitor visitor, Step step, Form form) {
    limits.attempt(request, visitor.caller());
    if (!totp.verify(visitor.accessToken(), form.text(Field.CODE), null)) {
      return pages.refuse(request, setUpView(step), List.of(Fault.WRONG_CODE));
    }
    audit.own("me.enrol-totp", visitor.caller(), request);
    return pages.go(request, "/account", Step.noticed("notice.app-on"));
  }

  @Post("/remove")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  MutableHttpResponse<String> remove(HttpRequest<?> request, @Body String body) {
    guard.open(request, body);
    return visitors.freshlySignedIn(
        request,
        visitor -> {
          totp.remove(visitor.accessToken());
          audit.own("me.remove-totp", visitor.caller(), request);
          return pages.go(request, "/account", Step.noticed("notice.app-off"));
        });
  }

  private boolean inUse(Visitor visitor) {
    return visitors
        .required(users.find(visitor.accessToken()))
        .factors()
        .contains(ChallengeKind.SOFTWARE_TOKEN_MFA.name());
  }

  private Optional<Step> begun(HttpRequest<?> request, Visitor visitor) {
    return steps
        .of(request)
        .filter(step -> step.challenge() == null && step.app() != null)
        .filter(step -> step.name().equals(visitor.name()));
  }

  private View setUpView(Step step) {
    View view = View.form("account-app", PATH).field(Field.code()).link("/account", "back");
    return step.app() == null ? view : view.enrolment(enrolments.of(step.app()));
  }

  private static View removeView() {
    return View.form("app-remove", PATH + "/remove").grave().link("/account", "back");
  }
}
