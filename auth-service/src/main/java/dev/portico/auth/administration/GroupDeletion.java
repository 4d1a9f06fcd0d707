package dev.portico.auth.administration;

import dev.portico.auth.audit.AuditLog;
import dev.portico.auth.error.Problem;
import dev.portico.auth.revocation.Revocations;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletes groups, and ends the sessions of their members, whose tokens name the group for as long
 * as they last. Whoever is made a member while that happens keeps them.
 */
@Singleton
final class GroupDeletion {
  /** Members whose sessions are ended in one request, some ten seconds' work at Cognito's pace. */
  static final int MOST_MEMBERS = 200;

  /** Cognito's most of a page of ListUsersInGroup. */
  private static final int PAGE = 60;

  private final GroupAdministration groups;
  private final UserAdministration users;
  private final Revocations revocations;
  private final AuditLog audit;

  GroupDeletion(
      GroupAdministration groups,
      UserAdministration users,
      Revocations revocations,
      AuditLog audit) {
    this.groups = groups;
    this.users = users;
    this.revocations = revocations;
    this.audit = audit;
  }

  /**
   * Deletes a group. Last, so that what failed before can be tried again.
   *
   * @param by the sub of the administrator
   * @throws Problem 404 if there is none; 409 if it has more than {@link #MOST_MEMBERS} members
   */
  void delete(String group, String by, HttpRequest<?> http) {
    if (groups.find(group).isEmpty()) {
      throw AdministrationAnswers.missing();
    }
    List<User> members = members(group);
    revocations.endAll(
        members.stream().map(User::sub).toList(),
        () -> {
          members.forEach(this::signOut);
          AdministrationAnswers.requireDone(groups.delete(group), "group");
          audit.write("group.delete", by, http, null, group);
          members.forEach(member -> audit.write("group.remove", by, http, member.sub(), group));
        });
  }

  private void signOut(User member) {
    AdministrationOutcome outcome = users.signOut(member.username());
    if (!(outcome instanceof AdministrationOutcome.Missing)) { // else deleted meanwhile
      AdministrationAnswers.requireDone(outcome, "username");
    }
  }

  private List<User> members(String group) {
    var all = new ArrayList<User>();
    @Nullable String token = null;
    do {
      Listed<User> page =
          groups
              .members(group, PAGE, token)
              .orElseThrow(() -> new IllegalStateException("The pool refuses its own token"));
      all.addAll(page.items());
      if (all.size() > MOST_MEMBERS) {
        throw AdministrationAnswers.tooManyMembers(MOST_MEMBERS);
      }
      token = page.token();
    } while (token != null);
    return all;
  }
}
