package dev.portico.content.member;

import org.jspecify.annotations.Nullable;

/** May this caller do this at this site? A pure decision. */
public sealed interface Access {
  /** Yes. */
  record Allowed() implements Access {}

  /**
   * The caller may see the site but not do this.
   *
   * @param reason safe to show
   */
  record Denied(String reason) implements Access {}

  /** The caller may not know whether the site exists. */
  record Invisible() implements Access {}

  /**
   * Decides.
   *
   * @param caller who
   * @param site the site's name
   * @param exists whether there is such a site
   * @param role the caller's membership, null: none; ignored for tokens
   * @param action what
   */
  static Access decide(
      Caller caller, String site, boolean exists, @Nullable Role role, Action action) {
    if (!exists) {
      return new Invisible();
    }
    return switch (caller) {
      case Caller.DeployToken token -> decide(token, site, action);
      case Caller.Person person -> decide(person, role, action);
    };
  }

  private static Access decide(Caller.DeployToken token, String site, Action action) {
    if (!token.site().equals(site)) {
      return new Invisible();
    }
    return token.actions().contains(action)
        ? new Allowed()
        : new Denied("This deploy token does not hold the action " + action.text() + ".");
  }

  private static Access decide(Caller.Person person, @Nullable Role role, Action action) {
    if (person.admin()) {
      return new Allowed();
    }
    if (role == null) {
      return new Invisible();
    }
    return role.allows(action)
        ? new Allowed()
        : new Denied("The role " + role.text() + " does not allow to " + verb(action) + ".");
  }

  private static String verb(Action action) {
    return action == Action.MANAGE ? "manage the site" : action.text();
  }
}
