package dev.portico.auth.pages;

import dev.portico.auth.limit.RequestLimits;
import dev.portico.auth.recovery.PasswordRecovery;
import dev.portico.auth.recovery.PasswordResets;
import dev.portico.auth.recovery.ResetOutcome;
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
import org.jspecify.annotations.Nullable;

/** Another password for whoever forgot theirs. */
@Hidden
@Controller
@Secured(SecurityRule.IS_ANONYMOUS)
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces("*/*") // the pages say themselves what they are
class RecoveryPages {
  private final PasswordRecovery recovery;
  private final PasswordResets resets;
  private final RequestLimits limits;
  private final FormGuard guard;
  private final Steps steps;
  private final Pages pages;

  RecoveryPages(
      PasswordRecovery recovery,
      PasswordResets resets,
      RequestLimits limits,
      FormGuard guard,
      Steps steps,
      Pages pages) {
    this.recovery = recovery;
    this.resets = resets;
    this.limits = limits;
    this.guard = guard;
    this.steps = steps;
    this.pages = pages;
  }

  @Get("/forgot")
  MutableHttpResponse<String> form(HttpRequest<?> request) {
    return pages.show(request, forgotView(steps.name(request)));
  }

  @Post("/forgot")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  MutableHttpResponse<String> forgot(HttpRequest<?> request, @Body String body) {
    Form form = guard.open(request, body);
    return send(request, form, forgotView(form.text(Field.USERNAME)), null);
  }

  @Post("/reset/resend")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  MutableHttpResponse<String> resend(HttpRequest<?> request, @Body String body) {
    Form form = guard.open(request, body);
    return send(request, form, resetView(form.text(Field.USERNAME)), "notice.resent");
  }

  private MutableHttpResponse<String> send(
      HttpRequest<?> request, Form form, View view, @Nullable String notice) {
    String name = form.text(Field.USERNAME);
    return pages.submit(
        request,
        view,
        new Faults(form).username(),
        () -> {
          limits.message(request, name);
          recovery.forgot(name);
          return pages.go(request, "/reset", Step.named(name).noting(notice));
        });
  }

  @Get("/reset")
  MutableHttpResponse<String> resetForm(HttpRequest<?> request) {
    return pages.show(request, resetView(steps.name(request)));
  }

  @Post("/reset")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  MutableHttpResponse<String> reset(HttpRequest<?> request, @Body String body) {
    Form form = guard.open(request, body);
    String name = form.text(Field.USERNAME);
    View view = resetView(name);
    return pages.submit(
        request,
        view,
        new Faults(form).username().code().newPassword(),
        () -> {
          limits.attempt(request, name);
          return answer(
              request,
              view,
              name,
              resets.reset(name, form.text(Field.CODE), form.typed(Field.NEW_PASSWORD), request));
        });
  }

  private MutableHttpResponse<String> answer(
      HttpRequest<?> request, View view, String name, ResetOutcome outcome) {
    return switch (outcome) {
      case ResetOutcome.Done done ->
          pages.go(request, "/sign-in", Step.named(name).noting("notice.password-reset"));
      case ResetOutcome.CodeRefused refused ->
          pages.refuse(request, view, List.of(Fault.WRONG_CODE));
      case ResetOutcome.PasswordRefused refused ->
          pages.refuse(request, view, PasswordReason.fault(refused.reason()));
    };
  }

  private static View forgotView(String name) {
    return View.form("forgot", "/forgot")
        .field(Field.username(name))
        .link("/sign-in", "forgot.sign-in");
  }

  private static View resetView(String name) {
    return View.form("reset", "/reset")
        .field(Field.accountOrAsked(name))
        .field(Field.code())
        .field(Field.newPassword())
        .resend("/reset/resend", "reset.resend", name)
        .link("/sign-in", "forgot.sign-in");
  }
}
