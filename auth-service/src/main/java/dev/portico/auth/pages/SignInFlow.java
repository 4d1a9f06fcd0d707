package dev.portico.auth.pages;

import dev.portico.auth.mfa.TotpAuthority;
import dev.portico.auth.session.ChallengeKind;
import dev.portico.auth.session.SignInOutcome;
import dev.portico.auth.session.SignInRecord;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import java.util.List;

/** Leads from what the pool says to a sign-in to the next page. */
@Singleton
final class SignInFlow {
  static final String CHALLENGE = "/challenge";

  private final Pages pages;
  private final Visitors visitors;
  private final TotpAuthority totp;
  private final SignInRecord written;

  SignInFlow(Pages pages, Visitors visitors, TotpAuthority totp, SignInRecord written) {
    this.pages = pages;
    this.visitors = visitors;
    this.totp = totp;
    this.written = written;
  }

  /**
   * The answer to a password.
   *
   * @param view the form, to be shown again
   * @param name of the account, as typed
   */
  MutableHttpResponse<String> answer(
      HttpRequest<?> request, View view, String name, SignInOutcome outcome) {
    return written.of(outcome, request) instanceof SignInOutcome.Refused
        ? pages.refuse(request, view, List.of(Fault.of("fault.refused")))
        : lead(request, view, name, outcome);
  }

  /** The answer to what answers a challenge. */
  MutableHttpResponse<String> answerChallenge(
      HttpRequest<?> request,
      View view,
      String name,
      ChallengeKind answered,
      SignInOutcome outcome) {
    return written.of(outcome, answered, request) instanceof SignInOutcome.Refused
        ? again(request, name)
        : lead(request, view, name, outcome);
  }

  /** Back to the beginning. */
  MutableHttpResponse<String> again(HttpRequest<?> request, String name) {
    return pages.go(request, "/sign-in", Step.named(name).noting("notice.again"));
  }

  private MutableHttpResponse<String> lead(
      HttpRequest<?> request, View view, String name, SignInOutcome outcome) {
    return switch (outcome) {
      case SignInOutcome.SignedIn signedIn ->
          visitors.begin(request, pages.finish(request), signedIn.tokens());
      case SignInOutcome.NewPasswordRequired asked ->
          pages.go(request, CHALLENGE, Step.of(name, asked));
      case SignInOutcome.FactorRequired asked -> factor(request, name, asked);
      case SignInOutcome.CodeRefused code -> pages.refuse(request, view, List.of(Fault.WRONG_CODE));
      case SignInOutcome.UnknownChallenge challenge ->
          pages.show(request, View.of("unsupported").link("/sign-in", "start-again"), 403);
      case SignInOutcome.NotConfirmed waits -> pages.go(request, "/confirm", Step.named(name));
      case SignInOutcome.Refused no -> again(request, name);
      case SignInOutcome.PasswordRefused refused ->
          pages.refuse(request, view, PasswordReason.fault(refused.reason()));
      case SignInOutcome.AttributesRefused refused ->
          pages.refuse(
              request, view, List.of(new Fault("", "fault.attribute.refused", refused.reason())));
    };
  }

  private MutableHttpResponse<String> factor(
      HttpRequest<?> request, String name, SignInOutcome.FactorRequired asked) {
    Step step = Step.of(name, asked);
    if (asked.kind() != ChallengeKind.MFA_SETUP) {
      return pages.go(request, CHALLENGE, step);
    }
    return totp.associate(step.username(), step.session())
        .map(app -> pages.go(request, CHALLENGE, step.settingUp(app)))
        .orElseGet(() -> again(request, name));
  }
}
