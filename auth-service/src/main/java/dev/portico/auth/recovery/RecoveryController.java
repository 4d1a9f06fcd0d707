package dev.portico.auth.recovery;

import dev.portico.auth.error.Problem;
import dev.portico.auth.error.ProblemResponses;
import dev.portico.auth.limit.RequestLimits;
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

/** Forgotten passwords. Open to everybody. */
@Controller("/v1/auth")
@Secured(SecurityRule.IS_ANONYMOUS)
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "recovery")
class RecoveryController {
  private final PasswordRecovery recovery;
  private final RequestLimits limits;
  private final PasswordResets resets;

  RecoveryController(PasswordRecovery recovery, RequestLimits limits, PasswordResets resets) {
    this.recovery = recovery;
    this.limits = limits;
    this.resets = resets;
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
    return switch (resets.reset(request.username(), request.code(), request.newPassword(), http)) {
      case ResetOutcome.Done done -> RecoveryStatus.passwordChanged();
      case ResetOutcome.CodeRefused refused -> throw Problem.invalidCode();
      case ResetOutcome.PasswordRefused refused ->
          throw Problem.invalid("newPassword", refused.reason());
    };
  }
}
