package dev.portico.auth.account;

import dev.portico.auth.error.ProblemBody;
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
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;

/** Sign-up and confirmation. Open to everybody. */
@Controller("/v1/auth")
@Secured(SecurityRule.IS_ANONYMOUS)
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "account")
class AccountController {
  private final AccountDirectory accounts;
  private final SignUps signUps;
  private final RequestLimits limits;

  AccountController(AccountDirectory accounts, SignUps signUps, RequestLimits limits) {
    this.accounts = accounts;
    this.signUps = signUps;
    this.limits = limits;
  }

  /** Makes an account and has a confirmation code sent. */
  @Post("/sign-up")
  @Status(HttpStatus.CREATED)
  @Operation(
      operationId = "signUp",
      summary = "Make an account",
      description = "Answers the same when there is such an account already.")
  @ApiResponse(responseCode = "201", description = "A code is sent if the account is new")
  @ApiResponse(
      responseCode = "403",
      description = "Accounts are made by administrators only",
      content =
          @Content(
              mediaType = ProblemBody.MEDIA_TYPE,
              schema = @Schema(implementation = ProblemBody.class)))
  @ProblemResponses
  AccountStatus signUp(
      @Body @Valid AccountRequests.SignUp request, @Parameter(hidden = true) HttpRequest<?> http) {
    limits.message(http, request.username());
    String given = request.email();
    String email = given == null && request.username().contains("@") ? request.username() : given;
    return AccountAnswers.signedUp(
        signUps.signUp(request.username(), request.password(), email, http),
        email == null ? "" : email);
  }

  /** Confirms an account by its code. */
  @Post("/confirm")
  @Status(HttpStatus.OK)
  @Operation(operationId = "confirm", summary = "Confirm an account by the code sent to it")
  @ApiResponse(responseCode = "200", description = "Confirmed: sign in")
  @ProblemResponses
  AccountStatus confirm(
      @Body @Valid AccountRequests.Confirm request, @Parameter(hidden = true) HttpRequest<?> http) {
    limits.attempt(http, request.username());
    return AccountAnswers.confirmed(accounts.confirm(request.username(), request.code()));
  }

  /** Has another code sent. */
  @Post("/resend")
  @Status(HttpStatus.OK)
  @Operation(
      operationId = "resend",
      summary = "Have another code sent",
      description = "Answers the same when no account waits for one.")
  @ApiResponse(responseCode = "200", description = "A code is sent if an account waits for one")
  @ProblemResponses
  AccountStatus resend(
      @Body @Valid AccountRequests.Resend request, @Parameter(hidden = true) HttpRequest<?> http) {
    limits.message(http, request.username());
    accounts.resend(request.username());
    return AccountStatus.confirmationRequired(request.username());
  }
}
