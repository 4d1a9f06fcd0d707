package dev.portico.auth.administration;

import dev.portico.auth.internal.ContentServiceOnly;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/**
 * By what name people know an account, for content-service, on the internal port only
 * (deploy/contracts/README.md).
 */
@Hidden
@Controller(value = "/internal/accounts/name", port = "${portico.internal-port}")
@Secured(SecurityRule.IS_ANONYMOUS)
@ExecuteOn(TaskExecutors.BLOCKING)
@ContentServiceOnly
class AccountNameController {
  private final UserAdministration users;

  AccountNameController(UserAdministration users) {
    this.users = users;
  }

  /**
   * What is asked (deploy/contracts/auth-account-name-query.json).
   *
   * @param account its sub
   */
  @Serdeable
  record Question(@NotNull @Pattern(regexp = "[0-9A-Za-z-]{1,128}") String account) {}

  /**
   * What is answered (deploy/contracts/auth-account-name.json).
   *
   * @param name the address, or the user name of an account without one
   */
  @Serdeable
  record Answer(String name) {}

  /** Says it; 404 where there is no such account. */
  @Post
  Answer name(@Valid @Body Question question) {
    User user =
        users
            .find(question.account())
            .filter(found -> found.sub().equals(question.account()))
            .orElseThrow(() -> AdministrationAnswers.missing());
    String email = user.email();
    return new Answer(email == null || email.isBlank() ? user.username() : email);
  }
}
