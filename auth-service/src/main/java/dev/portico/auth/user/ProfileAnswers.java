package dev.portico.auth.user;

import dev.portico.auth.error.FieldError;
import dev.portico.auth.error.Problem;
import dev.portico.auth.token.PlatformGroups;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What callers are told about each outcome, and which attributes they may change. Pure. */
final class ProfileAnswers {
  private ProfileAnswers() {}

  /**
   * Refuses attributes that have a route of their own, or that nobody may set.
   *
   * @throws Problem 400 naming each
   */
  static void requireChangeable(Map<String, String> attributes) {
    List<FieldError> errors =
        attributes.keySet().stream()
            .filter(name -> !changeable(name))
            .sorted()
            .map(name -> new FieldError("attributes." + name, reason(name)))
            .toList();
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors);
    }
  }

  /** Whether people may change it: then no access policy goes by it. */
  static boolean changeable(String name) {
    return !name.equals("sub")
        && !name.equals("email")
        && !name.equals("phone_number")
        && !name.endsWith("_verified")
        && !name.startsWith("cognito:");
  }

  /**
   * What the audit log says of a change: which attributes, by commas, and not what they are now.
   */
  static String names(Map<String, String> attributes) {
    return String.join(",", new TreeSet<>(attributes.keySet()));
  }

  private static String reason(String name) {
    return name.equals("email") ? "is changed by PUT /v1/auth/me/email" : "cannot be changed here";
  }

  /**
   * The only administrator must not vanish by their own doing, and nobody here knows who is the
   * last.
   *
   * @param groups those that the token names
   * @throws Problem 409 if the caller is one
   */
  static void requireNoAdministrator(Collection<String> groups) {
    if (groups.contains(PlatformGroups.ADMINS)) {
      throw Problem.ownAccount();
    }
  }

  /**
   * Goes on if the change was made.
   *
   * @param field the field that holds the new value
   * @throws Problem if it was refused
   */
  static void requireDone(ProfileOutcome outcome, String field) {
    switch (outcome) {
      case ProfileOutcome.Done done -> {}
      case ProfileOutcome.WrongPassword wrong ->
          throw Problem.invalid("currentPassword", "is wrong, or was tried too often");
      case ProfileOutcome.CodeRefused refused -> throw Problem.invalidCode();
      case ProfileOutcome.NothingToVerify nothing ->
          throw Problem.of(
              409,
              "nothing-to-verify",
              "Nothing to verify",
              "The account has no address to prove.");
      case ProfileOutcome.ValueRefused refused -> throw Problem.invalid(field, refused.reason());
    }
  }
}
