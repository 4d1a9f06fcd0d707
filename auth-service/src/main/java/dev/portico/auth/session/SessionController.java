package dev.portico.auth.session;

import dev.portico.auth.error.Problem;
import dev.portico.auth.error.ProblemBody;
import dev.portico.auth.error.ProblemResponses;
import dev.portico.auth.token.AccessTokenValidator;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.Map;

/** Sign-in, challenges, refresh and sign-out. */
@Controller("/v1/auth")
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "session")
class SessionController {
  private final SessionAuthority sessions;

  SessionController(SessionAuthority sessions) {
    this.sessions = sessions;
  }

  /** Signs in with a password. */
  @Post("/sign-in")
  @Secured(SecurityRule.IS_ANONYMOUS)
  @Operation(operationId = "signIn", summary = "Sign in with a password")
  @ApiResponse(responseCode = "200", description = "Tokens, or a challenge to be answered")
  @ApiResponse(
      responseCode = "401",
      description = "Wrong user name or password, or the account cannot be used",
      content =
          @Content(
              mediaType = ProblemBody.MEDIA_TYPE,
              schema = @Schema(implementation = ProblemBody.class)))
  @ApiResponse(
      responseCode = "403",
      description = "The password is right, but the account is not confirmed yet",
      content =
          @Content(
              mediaType = ProblemBody.MEDIA_TYPE,
              schema = @Schema(implementation = ProblemBody.class)))
  @ProblemResponses
  MutableHttpResponse<SignInAnswer> signIn(@Body @Valid SessionRequests.SignIn request) {
    return secret(SessionAnswers.signIn(sessions.signIn(request.username(), request.password())));
  }

  /** Answers a challenge of the sign-in. */
  @Post("/challenge")
  @Secured(SecurityRule.IS_ANONYMOUS)
  @Operation(operationId = "challenge", summary = "Answer a challenge of the sign-in")
  @ApiResponse(responseCode = "200", description = "Tokens, or another challenge")
  @ApiResponse(
      responseCode = "401",
      description = "The challenge's session is wrong, used or expired",
      content =
          @Content(
              mediaType = ProblemBody.MEDIA_TYPE,
              schema = @Schema(implementation = ProblemBody.class)))
  @ProblemResponses
  MutableHttpResponse<SignInAnswer> challenge(@Body @Valid SessionRequests.Challenge request) {
    if (!SessionAnswers.NEW_PASSWORD_REQUIRED.equals(request.challenge())) {
      throw Problem.invalid("challenge", "must be " + SessionAnswers.NEW_PASSWORD_REQUIRED);
    }
    Map<String, String> attributes = request.responses().attributes();
    return secret(
        SessionAnswers.challenge(
            sessions.newPassword(
                request.username(),
                request.session(),
                request.responses().newPassword(),
                attributes == null ? Map.of() : attributes)));
  }

  /** Makes new tokens of a refresh token. */
  @Post("/refresh")
  @Secured(SecurityRule.IS_ANONYMOUS)
  @Operation(
      operationId = "refresh",
      summary = "Get new tokens",
      description =
          "Always use the refresh token of the answer from then on: the pool may replace it.")
  @ApiResponse(responseCode = "200", description = "New tokens")
  @ApiResponse(
      responseCode = "401",
      description = "The refresh token is wrong, expired or revoked",
      content =
          @Content(
              mediaType = ProblemBody.MEDIA_TYPE,
              schema = @Schema(implementation = ProblemBody.class)))
  @ProblemResponses
  MutableHttpResponse<SignInAnswer> refresh(@Body @Valid SessionRequests.Refresh request) {
    return secret(
        SignInAnswer.of(
            sessions.refresh(request.refreshToken()).orElseThrow(SessionAnswers::refreshRefused)));
  }

  /** Ends a session, or all of the user's. */
  @Post("/sign-out")
  @Secured(SecurityRule.IS_AUTHENTICATED)
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*") // nothing, whatever the caller accepts
  @Operation(
      operationId = "signOut",
      summary = "End this session, or all",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "204", description = "Revoked, or was already")
  @ApiResponse(
      responseCode = "401",
      description = "No, or no valid, access token",
      content =
          @Content(
              mediaType = ProblemBody.MEDIA_TYPE,
              schema = @Schema(implementation = ProblemBody.class)))
  @ProblemResponses
  void signOut(@Body @Valid SessionRequests.SignOut request, Authentication caller) {
    String refreshToken = request.refreshToken();
    boolean everywhere = Boolean.TRUE.equals(request.everywhere());
    if (refreshToken == null && !everywhere) {
      throw Problem.invalid("refreshToken", "must be given, unless everywhere is true");
    }
    // All first: revoking the refresh token ends this access token, too.
    if (everywhere && !sessions.revokeAll(AccessTokenValidator.tokenOf(caller))) {
      throw Problem.tokenRefused("revoked: the session was ended");
    }
    if (refreshToken != null) {
      sessions.revoke(refreshToken);
    }
  }

  /** Tokens must not be kept by caches (RFC 6749 section 5.1). */
  private static MutableHttpResponse<SignInAnswer> secret(SignInAnswer answer) {
    return HttpResponse.ok(answer).header("Cache-Control", "no-store");
  }
}
