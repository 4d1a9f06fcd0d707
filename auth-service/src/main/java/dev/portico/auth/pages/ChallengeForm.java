package dev.portico.auth.pages;

import dev.portico.auth.session.ChallengeKind;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The forms of the challenges. Pure. */
final class ChallengeForm {
  private static final String ATTRIBUTE = "attribute.";
  private static final int LONGEST_ATTRIBUTE = 2_048;

  private ChallengeForm() {}

  static ChallengeKind kind(Step step) {
    return Objects.requireNonNull(step.challenge(), "A step without a challenge has no form");
  }

  /** The form of a challenge, as far as it was filled in. */
  static View view(Step step, Form form) {
    return switch (kind(step)) {
      case NEW_PASSWORD_REQUIRED -> newPassword(step, form);
      case SOFTWARE_TOKEN_MFA, EMAIL_OTP, SMS_MFA ->
          View.form("code", SignInFlow.CHALLENGE)
              .intro("code.intro." + kind(step).name(), destination(step))
              .field(Field.code());
      case SELECT_MFA_TYPE ->
          View.form("choose", SignInFlow.CHALLENGE)
              .field(Field.choice(Field.FACTOR, factors(step)));
      case MFA_SETUP -> View.form("set-up", SignInFlow.CHALLENGE).field(Field.code());
    };
  }

  private static View newPassword(Step step, Form form) {
    View view =
        View.form("new-password", SignInFlow.CHALLENGE)
            .field(Field.account(step.name()))
            .field(Field.newPassword());
    step.options().forEach(name -> view.field(Field.attribute(name, form.text(ATTRIBUTE + name))));
    return view;
  }

  /** What is wrong with an answer. */
  static Faults check(Step step, Form form) {
    Faults faults = new Faults(form);
    return switch (kind(step)) {
      case NEW_PASSWORD_REQUIRED -> {
        faults.newPassword();
        step.options().forEach(name -> faults.attribute(ATTRIBUTE + name, LONGEST_ATTRIBUTE));
        yield faults;
      }
      case SOFTWARE_TOKEN_MFA, EMAIL_OTP, SMS_MFA, MFA_SETUP -> faults.code();
      case SELECT_MFA_TYPE -> faults.oneOf(Field.FACTOR, factors(step));
    };
  }

  /** The attributes that were asked for. */
  static Map<String, String> attributes(Step step, Form form) {
    return step.options().stream()
        .collect(Collectors.toMap(Function.identity(), name -> form.text(ATTRIBUTE + name)));
  }

  /** Those of the factors that can be asked for here. */
  private static List<String> factors(Step step) {
    return step.options().stream()
        .filter(
            name ->
                List.of(ChallengeKind.values()).stream()
                    .anyMatch(kind -> kind.isCode() && kind.name().equals(name)))
        .toList();
  }

  private static String destination(Step step) {
    String sent = step.destination();
    return sent == null ? step.name() : sent;
  }
}
