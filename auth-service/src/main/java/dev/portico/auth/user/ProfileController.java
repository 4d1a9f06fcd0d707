package dev.portico.auth.user;

import dev.portico.auth.audit.AuditLog;
import dev.portico.auth.error.ProblemBody;
import dev.portico.auth.error.SignedInResponses;
import dev.portico.auth.limit.RequestLimits;
import dev.portico.auth.revocation.Revocations;
import dev.portico.auth.token.AccessTokenValidator;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Patch;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Put;
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
import java.util.Map;

/** Changes the caller's own account. */
@Controller("/v1/auth")
@Secured(SecurityRule.IS_AUTHENTICATED)
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "user")
class ProfileController {
  private final ProfileDirectory profiles;
  private final RequestLimits limits;
  private final Revocations revocations;
  private final AuditLog audit;

  ProfileController(
      ProfileDirectory profiles, RequestLimits limits, Revocations revocations, AuditLog audit) {
    this.profiles = profiles;
    this.limits = limits;
    this.revocations = revocations;
    this.audit = audit;
  }

  /** Changes the password. */
  @Post("/change-password")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*") // nothing, whatever the caller accepts
  @Operation(
      operationId = "changePassword",
      summary = "Change my password",
      description = "Sessions go on; POST /v1/auth/sign-out with everywhere ends them.",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "204", description = "Changed")
  @SignedInResponses
  void changePassword(
      @Body @Valid ProfileRequests.ChangePassword request,
      Authentication caller,
      @Parameter(hidden = true) HttpRequest<?> http) {
    limits.attempt(http, caller);
    ProfileAnswers.requireDone(
        profiles.changePassword(
            AccessTokenValidator.tokenOf(caller), request.currentPassword(), request.newPassword()),
        "newPassword");
    audit.own("me.change-password", caller, http);
  }

  /** Changes attributes. */
  @Patch("/me")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*")
  @Operation(
      operationId = "changeAttributes",
      summary = "Change my attributes",
      description = "All or none. An empty value removes one.",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "204", description = "Changed")
  @SignedInResponses
  void changeAttributes(
      @Body @Valid ProfileRequests.ChangeAttributes request,
      Authentication caller,
      @Parameter(hidden = true) HttpRequest<?> http) {
    ProfileAnswers.requireChangeable(request.attributes());
    ProfileAnswers.requireDone(
        profiles.changeAttributes(AccessTokenValidator.tokenOf(caller), request.attributes()),
        "attributes");
    audit.own(
        "me.change-attributes",
        caller,
        http,
        Map.of("attributes", ProfileAnswers.names(request.attributes())));
  }

  /** Changes the address. */
  @Put("/me/email")
  @Operation(
      operationId = "changeEmail",
      summary = "Change my e-mail address",
      description = "Answers the same when the address belongs to another account.",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "200", description = "A code is sent to the new address")
  @SignedInResponses
  EmailStatus changeEmail(
      @Body @Valid ProfileRequests.ChangeEmail request,
      Authentication caller,
      @Parameter(hidden = true) HttpRequest<?> http) {
    limits.message(http, caller);
    ProfileAnswers.requireDone(
        profiles.changeEmail(AccessTokenValidator.tokenOf(caller), request.email()), "email");
    audit.own("me.change-email", caller, http);
    return EmailStatus.verificationRequired(request.email());
  }

  /** Has another code sent. */
  @Post("/me/email/resend")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*")
  @Operation(
      operationId = "resendEmailCode",
      summary = "Have another code sent to the address that waits for proof",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "204", description = "Sent")
  @ApiResponse(
      responseCode = "409",
      description = "The account has no address",
      content =
          @Content(
              mediaType = ProblemBody.MEDIA_TYPE,
              schema = @Schema(implementation = ProblemBody.class)))
  @SignedInResponses
  void resendEmailCode(Authentication caller, @Parameter(hidden = true) HttpRequest<?> http) {
    limits.message(http, caller);
    ProfileAnswers.requireDone(
        profiles.sendEmailCode(AccessTokenValidator.tokenOf(caller)), "email");
  }

  /** Proves the address. */
  @Post("/me/email/verify")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*")
  @Operation(
      operationId = "verifyEmail",
      summary = "Prove my e-mail address by the code sent to it",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "204", description = "Proven")
  @SignedInResponses
  void verifyEmail(
      @Body @Valid ProfileRequests.VerifyEmail request,
      Authentication caller,
      @Parameter(hidden = true) HttpRequest<?> http) {
    limits.attempt(http, caller);
    ProfileAnswers.requireDone(
        profiles.verifyEmail(AccessTokenValidator.tokenOf(caller), request.code()), "code");
    audit.own("me.verify-email", caller, http);
  }

  /** Deletes the account. */
  @Delete("/me")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*")
  @Operation(
      operationId = "deleteMe",
      summary = "Delete my account",
      description = "At once, for good, with all its sessions. Not an administrator's.",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "204", description = "Deleted")
  @ApiResponse(
      responseCode = "409",
      description = "The caller is an administrator, whom another one must delete",
      content =
          @Content(
              mediaType = ProblemBody.MEDIA_TYPE,
              schema = @Schema(implementation = ProblemBody.class)))
  @SignedInResponses
  void delete(Authentication caller, @Parameter(hidden = true) HttpRequest<?> http) {
    ProfileAnswers.requireNoAdministrator(caller.getRoles());
    revocations.endAll(
        caller.getName(), () -> profiles.delete(AccessTokenValidator.tokenOf(caller)));
    audit.own("me.delete", caller, http);
  }
}
