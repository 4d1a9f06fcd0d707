package dev.portico.auth.mfa;

import dev.portico.auth.audit.AuditLog;
import dev.portico.auth.error.Problem;
import dev.portico.auth.error.ProblemBody;
import dev.portico.auth.error.ProblemResponses;
import dev.portico.auth.error.SignedInResponses;
import dev.portico.auth.limit.RequestLimits;
import dev.portico.auth.token.AccessTokenValidator;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;

/** Sets up and removes authenticator apps. */
@Controller("/v1/auth")
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "mfa")
class MfaController {
  private final TotpAuthority totp;
  private final MfaSettings settings;
  private final RequestLimits limits;
  private final AuditLog audit;

  MfaController(TotpAuthority totp, MfaSettings settings, RequestLimits limits, AuditLog audit) {
    this.totp = totp;
    this.settings = settings;
    this.limits = limits;
    this.audit = audit;
  }

  /** Makes a secret for the caller's app. */
  @Post("/mfa/totp")
  @Secured(SecurityRule.IS_AUTHENTICATED)
  @Operation(
      operationId = "enrolTotp",
      summary = "Get a secret for my authenticator app",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "200", description = "The secret, to be verified")
  @ApiResponse(
      responseCode = "403",
      description = "The user pool has no authenticator apps",
      content =
          @Content(
              mediaType = ProblemBody.MEDIA_TYPE,
              schema = @Schema(implementation = ProblemBody.class)))
  @SignedInResponses
  MutableHttpResponse<TotpEnrolment> enrol(Authentication caller) {
    return secret(
        totp.associate(AccessTokenValidator.tokenOf(caller))
            .orElseThrow(
                () ->
                    Problem.of(
                        403,
                        "mfa-not-offered",
                        "No authenticator apps",
                        "The user pool has no authenticator apps as a second factor.")));
  }

  /** Verifies the app and has its codes asked for. */
  @Post("/mfa/totp/verify")
  @Secured(SecurityRule.IS_AUTHENTICATED)
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*") // nothing, whatever the caller accepts
  @Operation(
      operationId = "verifyTotp",
      summary = "Prove that the secret is in my app",
      description = "From then on sign-in asks for its codes.",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "204", description = "In use")
  @SignedInResponses
  void verify(
      @Body @Valid MfaRequests.Verify request,
      Authentication caller,
      @Parameter(hidden = true) HttpRequest<?> http) {
    limits.attempt(http, caller);
    if (!totp.verify(AccessTokenValidator.tokenOf(caller), request.code(), request.device())) {
      throw Problem.invalidCode();
    }
    audit.own("me.enrol-totp", caller, http);
  }

  /** Has no codes asked for any more. */
  @Delete("/mfa/totp")
  @Secured(SecurityRule.IS_AUTHENTICATED)
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*")
  @Operation(
      operationId = "removeTotp",
      summary = "Stop using my authenticator app",
      description = "A pool that demands a second factor goes on to ask for it.",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "204", description = "Not asked for any more")
  @SignedInResponses
  void remove(Authentication caller, @Parameter(hidden = true) HttpRequest<?> http) {
    totp.remove(AccessTokenValidator.tokenOf(caller));
    audit.own("me.remove-totp", caller, http);
  }

  /** Makes a secret for a sign-in that demands one. */
  @Post("/challenge/totp")
  @Secured(SecurityRule.IS_ANONYMOUS)
  @Operation(
      operationId = "setUpTotp",
      summary = "Get a secret for the challenge MFA_SETUP",
      description = "Answer the challenge with the session of this answer and a code of the app.")
  @ApiResponse(responseCode = "200", description = "The secret, and the session to go on with")
  @ApiResponse(
      responseCode = "401",
      description = "The challenge's session is wrong, used or expired",
      content =
          @Content(
              mediaType = ProblemBody.MEDIA_TYPE,
              schema = @Schema(implementation = ProblemBody.class)))
  @ProblemResponses
  MutableHttpResponse<TotpEnrolment> setUp(
      @Body @Valid MfaRequests.SetUp request, @Parameter(hidden = true) HttpRequest<?> http) {
    limits.attempt(http, request.username());
    return secret(
        totp.associate(request.username(), request.session())
            .orElseThrow(Problem::challengeRefused));
  }

  private MutableHttpResponse<TotpEnrolment> secret(TotpSecret made) {
    return HttpResponse.ok(TotpEnrolment.of(made, settings.totpIssuer()))
        .header("Cache-Control", "no-store");
  }
}
