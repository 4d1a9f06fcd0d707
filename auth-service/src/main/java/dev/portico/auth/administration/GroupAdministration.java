package dev.portico.auth.administration;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the administration of groups needs of the user pool. */
public interface GroupAdministration {
  /** Groups, a page at a time; empty if the token is not one that this list returned. */
  Optional<Listed<Group>> list(int limit, @Nullable String token);

  /** The group of that name. */
  Optional<Group> find(String name);

  /** Makes a group. */
  AdministrationOutcome create(Group group);

  /** Deletes a group, not its members. */
  AdministrationOutcome delete(String name);

  /** Its members, a page at a time; empty if the token is not one that this list returned. */
  Optional<Listed<User>> members(String group, int limit, @Nullable String token);

  /** Makes an account a member; harmless if it is. */
  AdministrationOutcome add(String group, String username);

  /** Ends a membership; harmless if there is none. */
  AdministrationOutcome remove(String group, String username);
}
