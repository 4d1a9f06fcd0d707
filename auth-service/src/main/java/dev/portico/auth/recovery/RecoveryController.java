package dev.portico.auth.recovery;

import dev.portico.auth.error.Problem;
import dev.portico.auth.error.ProblemResponses;
import dev.portico.auth.limit.RequestLimits;
import dev.portico.auth.revocation.Revocations;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgotten passwords. Open to everybody. */
@Controller("/v1/auth")
@Secured(SecurityRule.IS_ANONYMOUS)
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "recovery")
class RecoveryController {
  private static final Logger LOG = LoggerFactory.getLogger(RecoveryController.class);

  private final PasswordRecovery recovery;
  private final RequestLimits limits;
  private final Revocations revocations;

  RecoveryController(PasswordRecovery recovery, RequestLimits limits, Revocations revocations) {
    this.recovery = recovery;
    this.limits = limits;
    this.revocations = revocations;
  }

  /** Has a code sent. */
  @Post("/forgot-password")
  @Status(HttpStatus.OK)
  @Operation(
      operationId = "forgotPassword",
      summary = "Have a code sent for a forgotten password",
      description = "Answers the same when there is no such account.")
  @ApiResponse(
      responseCode = "200",
      description = "A code is sent if the account has a proven address")
  @ProblemResponses
  RecoveryStatus forgot(
      @Body @Valid RecoveryRequests.ForgotPassword request,
      @Parameter(hidden = true) HttpRequest<?> http) {
    limits.message(http, request.username());
    recovery.forgot(request.username());
    return RecoveryStatus.codeRequired(request.username());
  }

  /** Sets another password. */
  @Post("/reset-password")
  @Status(HttpStatus.OK)
  @Operation(
      operationId = "resetPassword",
      summary = "Set another password by the code",
      description = "Ends all sessions of the account.")
  @ApiResponse(responseCode = "200", description = "Changed: sign in")
  @ProblemResponses
  RecoveryStatus reset(
      @Body @Valid RecoveryRequests.ResetPassword request,
      @Parameter(hidden = true) HttpRequest<?> http) {
    limits.attempt(http, request.username());
    return switch (recovery.reset(request.username(), request.code(), request.newPassword())) {
      case ResetOutcome.Done done -> {
        endSessions(request.username());
        yield RecoveryStatus.passwordChanged();
      }
      case ResetOutcome.CodeRefused refused -> throw Problem.invalidCode();
      case ResetOutcome.PasswordRefused refused ->
          throw Problem.invalid("newPassword", refused.reason());
    };
  }

  /** Whoever knew the old password may have a session; Cognito itself leaves it alive. */
  private void endSessions(String username) {
    try {
      recovery
          .subjectOf(username)
          .ifPresent(subject -> revocations.endAll(subject, () -> recovery.endSessions(username)));
    } catch (Problem | IllegalStateException e) {
      // The password is changed, and the code used up: an error would only mislead.
      LOG.error("The sessions before a reset of the password could not be ended", e);
    }
  }
}
