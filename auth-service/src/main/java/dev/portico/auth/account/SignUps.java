package dev.portico.auth.account;

import dev.portico.auth.audit.AuditLog;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Makes accounts for whoever wants one, and writes it down: that one was made, or that there was
 * one already, so that both take as much work.
 */
@Singleton
public final class SignUps {
  private final AccountDirectory accounts;
  private final AuditLog audit;

  SignUps(AccountDirectory accounts, AuditLog audit) {
    this.accounts = accounts;
    this.audit = audit;
  }

  /**
   * Makes an account that waits for confirmation, and has a code sent.
   *
   * @param email the address of the code, if the user name is none
   */
  public SignUpOutcome signUp(
      String username, String password, @Nullable String email, HttpRequest<?> http) {
    SignUpOutcome outcome = accounts.signUp(username, password, email);
    if (outcome instanceof SignUpOutcome.Created created) {
      audit.write("sign-up", null, http, created.subject(), null);
    } else if (outcome instanceof SignUpOutcome.AlreadyExists) {
      // Not bounded as refusals are: beyond that the answer would come sooner than to a new name.
      audit.unnamed("sign-up.refused", http);
    }
    return outcome;
  }
}
