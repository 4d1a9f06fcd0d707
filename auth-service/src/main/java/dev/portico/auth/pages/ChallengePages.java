package dev.portico.auth.pages;

import dev.portico.auth.limit.RequestLimits;
import dev.portico.auth.session.ChallengeKind;
import dev.portico.auth.session.SessionAuthority;
import dev.portico.auth.session.SignInContext;
import dev.portico.auth.session.SignInOutcome;
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
import java.util.Optional;

/** What the pool asks for after the password: another password, a code, a choice, an app. */
@Hidden
@Controller(SignInFlow.CHALLENGE)
@Secured(SecurityRule.IS_ANONYMOUS)
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces("*/*") // the pages say themselves what they are
class ChallengePages {
  private final SessionAuthority sessions;
  private final RequestLimits limits;
  private final FormGuard guard;
  private final Steps steps;
  private final Pages pages;
  private final SignInFlow flow;
  private final Enrolments enrolments;

  ChallengePages(
      SessionAuthority sessions,
      RequestLimits limits,
      FormGuard guard,
      Steps steps,
      Pages pages,
      SignInFlow flow,
      Enrolments enrolments) {
    this.sessions = sessions;
    this.limits = limits;
    this.guard = guard;
    this.steps = steps;
    this.pages = pages;
    this.flow = flow;
    this.enrolments = enrolments;
  }

  @Get
  MutableHttpResponse<String> form(HttpRequest<?> request) {
    return challenged(request)
        .map(step -> pages.show(request, view(step, Form.of(""))))
        .orElseGet(() -> flow.again(request, ""));
  }

  @Post
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  MutableHttpResponse<String> answer(HttpRequest<?> request, @Body String body) {
    Form form = guard.open(request, body);
    return challenged(request)
        .map(step -> answer(request, step, form))
        .orElseGet(() -> flow.again(request, ""));
  }

  private MutableHttpResponse<String> answer(HttpRequest<?> request, Step step, Form form) {
    View view = view(step, form);
    return pages.submit(
        request,
        view,
        ChallengeForm.check(step, form),
        () -> {
          limits.attempt(request, step.username());
          return flow.answerChallenge(
              request, view, step.name(), ChallengeForm.kind(step), ask(request, step, form));
        });
  }

  private SignInOutcome ask(HttpRequest<?> request, Step step, Form form) {
    SignInContext context = SignInContext.of(request);
    String username = step.username();
    String session = step.session();
    return switch (ChallengeForm.kind(step)) {
      case NEW_PASSWORD_REQUIRED ->
          sessions.newPassword(
              username,
              session,
              form.typed(Field.NEW_PASSWORD),
              ChallengeForm.attributes(step, form),
              context);
      case SOFTWARE_TOKEN_MFA, EMAIL_OTP, SMS_MFA ->
          sessions.enterCode(
              username, ChallengeForm.kind(step), session, form.text(Field.CODE), context);
      case SELECT_MFA_TYPE -> {
        ChallengeKind factor = ChallengeKind.valueOf(form.text(Field.FACTOR));
        if (factor != ChallengeKind.SOFTWARE_TOKEN_MFA) {
          limits.message(request, username);
        }
        yield sessions.chooseFactor(username, session, factor, context);
      }
      case MFA_SETUP -> sessions.finishSetup(username, session, form.text(Field.CODE), context);
    };
  }

  private View view(Step step, Form form) {
    View view = ChallengeForm.view(step, form).link("/sign-in", "start-again");
    return step.app() == null ? view : view.enrolment(enrolments.of(step.app()));
  }

  private Optional<Step> challenged(HttpRequest<?> request) {
    return steps.of(request).filter(step -> step.challenge() != null);
  }
}
