package dev.portico.auth.administration;

import dev.portico.auth.error.Problem;
import dev.portico.auth.token.PlatformGroups;

/** What administrators are told about each outcome, and what they may not do. Pure. */
final class AdministrationAnswers {
  private AdministrationAnswers() {}

  /**
   * Goes on if the order was carried out.
   *
   * @param field the field at fault when the pool does not take a value
   * @throws Problem if it was refused
   */
  static void requireDone(AdministrationOutcome outcome, String field) {
    switch (outcome) {
      case AdministrationOutcome.Done done -> {}
      case AdministrationOutcome.Made made -> {}
      case AdministrationOutcome.Missing missing -> throw missing();
      case AdministrationOutcome.AlreadyExists exists ->
          throw Problem.of(
              409, "already-exists", "Exists already", "There is one of that name or address.");
      case AdministrationOutcome.WrongState wrong ->
          throw Problem.of(409, "wrong-state", "Not in this state of the account", wrong.reason());
      case AdministrationOutcome.PasswordRefused refused ->
          throw Problem.invalid("temporaryPassword", refused.reason());
      case AdministrationOutcome.Refused refused -> throw Problem.invalid(field, refused.reason());
    }
  }

  /**
   * The account that was made.
   *
   * @throws Problem if it was refused
   */
  static User requireMade(AdministrationOutcome outcome) {
    requireDone(outcome, "username");
    if (outcome instanceof AdministrationOutcome.Made made) {
      return made.user();
    }
    throw new IllegalStateException("Done, but no account was made");
  }

  static Problem tooManyMembers(int most) {
    return Problem.of(
        409,
        "group-too-large",
        "The group has too many members",
        "The sessions of a group's members end with it, of at most "
            + most
            + " at once. End memberships first.");
  }

  static Problem missing() {
    return Problem.of(404, "not-found", "Not found", "There is no such account or group.");
  }

  /**
   * Whoever administers must not lock themselves out, and with them perhaps everybody.
   *
   * @throws Problem 409 if it is one's own account
   */
  static void requireOther(String caller, User target) {
    if (target.sub().equals(caller)) {
      throw Problem.ownAccount();
    }
  }

  /**
   * Without that group nobody could administer.
   *
   * @throws Problem 409 if it is the group of administrators
   */
  static void requireNotAdmins(String group) {
    if (group.equals(PlatformGroups.ADMINS)) {
      throw Problem.of(
          409, "protected-group", "Not with this group", "The group admins cannot be deleted.");
    }
  }
}
