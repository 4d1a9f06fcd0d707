package dev.portico.auth.administration;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the administration of accounts needs of the user pool. */
public interface UserAdministration {
  /** Whether the session of an access token goes on, and its account may be used. */
  boolean isAlive(String accessToken);

  /**
   * Accounts, a page at a time, in no certain order.
   *
   * @param emailPrefix the beginning of the address; null for all
   * @param limit at most so many; a page may hold fewer, or none, and not be the last
   * @param token where the page begins; null for the first
   * @return empty if the token is not one that this list returned
   */
  Optional<Listed<User>> list(@Nullable String emailPrefix, int limit, @Nullable String token);

  /** The account of that name, address or sub. */
  Optional<User> find(String name);

  /**
   * The names of its groups; none if there is no such account any more.
   *
   * @param username the user name, which is not the sub of whom an identity provider proves
   */
  List<String> groupsOf(String username);

  /** Makes an account with a temporary password; {@code Made} if it did. */
  AdministrationOutcome create(NewUser user);

  /** Sends the invitation again, with another temporary password. */
  AdministrationOutcome inviteAgain(String username);

  /** Has nobody sign in to it. Refresh tokens may be good again once it is enabled. */
  AdministrationOutcome disable(String username);

  /** Lets it sign in again. */
  AdministrationOutcome enable(String username);

  /** Has a code sent without which nobody signs in any more. Sessions go on. */
  AdministrationOutcome resetPassword(String username);

  /** Ends its sessions. */
  AdministrationOutcome signOut(String username);

  /** Deletes it. */
  AdministrationOutcome delete(String username);
}
