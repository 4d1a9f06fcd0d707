package dev.portico.auth.pages;

import dev.portico.auth.user.ProfileOutcome;
import java.util.List;

/** Which texts say why a change of one's own account was refused. Pure. */
final class ProfileFaults {
  private ProfileFaults() {}

  /**
   * The faults of a form.
   *
   * @param field that holds the new value
   */
  static List<Fault> of(ProfileOutcome outcome, String field) {
    return switch (outcome) {
      case ProfileOutcome.Done done -> List.of();
      case ProfileOutcome.WrongPassword wrong ->
          List.of(new Fault(Field.CURRENT_PASSWORD, "fault.currentPassword.wrong"));
      case ProfileOutcome.CodeRefused refused -> List.of(Fault.WRONG_CODE);
      case ProfileOutcome.NothingToVerify nothing -> List.of(Fault.WRONG_CODE);
      case ProfileOutcome.ValueRefused refused ->
          field.equals(Field.NEW_PASSWORD)
              ? PasswordReason.fault(refused.reason())
              : List.of(new Fault(field, "fault.account", refused.reason()));
    };
  }
}
