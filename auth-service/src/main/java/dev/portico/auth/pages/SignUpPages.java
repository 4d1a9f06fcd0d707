package dev.portico.auth.pages;

import dev.portico.auth.account.AccountDirectory;
import dev.portico.auth.account.SignUpOutcome;
import dev.portico.auth.account.SignUps;
import dev.portico.auth.limit.RequestLimits;
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

/** New accounts, and their confirmation by a mailed code. */
@Hidden
@Controller
@Secured(SecurityRule.IS_ANONYMOUS)
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces("*/*") // the pages say themselves what they are
class SignUpPages {
  private final AccountDirectory accounts;
  private final SignUps signUps;
  private final RequestLimits limits;
  private final FormGuard guard;
  private final Steps steps;
  private final Pages pages;

  SignUpPages(
      AccountDirectory accounts,
      SignUps signUps,
      RequestLimits limits,
      FormGuard guard,
      Steps steps,
      Pages pages) {
    this.accounts = accounts;
    this.signUps = signUps;
    this.limits = limits;
    this.guard = guard;
    this.steps = steps;
    this.pages = pages;
  }

  @Get("/sign-up")
  MutableHttpResponse<String> form(HttpRequest<?> request) {
    return pages.show(request, signUpView(""));
  }

  @Post("/sign-up")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  MutableHttpResponse<String> signUp(HttpRequest<?> request, @Body String body) {
    Form form = guard.open(request, body);
    String email = form.text(Field.EMAIL);
    View view = signUpView(email);
    return pages.submit(
        request,
        view,
        new Faults(form).email().newPassword(),
        () -> {
          limits.message(request, email);
          String password = form.typed(Field.NEW_PASSWORD);
          return signedUp(request, view, email, signUps.signUp(email, password, email, request));
        });
  }

  /** The same for an account that is made and for one that is there already. */
  private MutableHttpResponse<String> signedUp(
      HttpRequest<?> request, View view, String email, SignUpOutcome outcome) {
    return switch (outcome) {
      case SignUpOutcome.Created created -> pages.go(request, "/confirm", Step.named(email));
      case SignUpOutcome.AlreadyExists there -> pages.go(request, "/confirm", Step.named(email));
      case SignUpOutcome.Closed closed ->
          pages.show(request, View.of("sign-up-closed").link("/sign-in", "forgot.sign-in"), 403);
      case SignUpOutcome.PasswordRefused refused ->
          pages.refuse(request, view, PasswordReason.fault(refused.reason()));
      case SignUpOutcome.Refused refused ->
          pages.refuse(
              request, view, List.of(new Fault(Field.EMAIL, "fault.account", refused.reason())));
    };
  }

  @Get("/confirm")
  MutableHttpResponse<String> confirmForm(HttpRequest<?> request) {
    return pages.show(request, confirmView(steps.name(request)));
  }

  @Post("/confirm")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  MutableHttpResponse<String> confirm(HttpRequest<?> request, @Body String body) {
    Form form = guard.open(request, body);
    String name = form.text(Field.USERNAME);
    View view = confirmView(name);
    return pages.submit(
        request,
        view,
        new Faults(form).username().code(),
        () -> {
          limits.attempt(request, name);
          return accounts.confirm(name, form.text(Field.CODE))
              ? pages.go(request, "/sign-in", Step.named(name).noting("notice.confirmed"))
              : pages.refuse(request, view, List.of(Fault.WRONG_CODE));
        });
  }

  @Post("/confirm/resend")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  MutableHttpResponse<String> resend(HttpRequest<?> request, @Body String body) {
    Form form = guard.open(request, body);
    String name = form.text(Field.USERNAME);
    View view = confirmView(name);
    return pages.submit(
        request,
        view,
        new Faults(form).username(),
        () -> {
          limits.message(request, name);
          accounts.resend(name);
          return pages.go(request, "/confirm", Step.named(name).noting("notice.resent"));
        });
  }

  private static View signUpView(String email) {
    return View.form("sign-up", "/sign-up")
        .field(Field.newUsername(email))
        .field(Field.newPassword())
        .link("/sign-in", "sign-up.sign-in");
  }

  private static View confirmView(String name) {
    return View.form("confirm", "/confirm")
        .field(Field.accountOrAsked(name))
        .field(Field.code())
        .resend("/confirm/resend", "confirm.resend", name)
        .link("/sign-in", "confirm.sign-in");
  }
}
