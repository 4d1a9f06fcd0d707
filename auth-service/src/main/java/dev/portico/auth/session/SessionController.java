package dev.portico.auth.session;

import dev.portico.auth.audit.AuditLog;
import dev.portico.auth.error.Problem;
import dev.portico.auth.error.ProblemBody;
import dev.portico.auth.error.ProblemResponses;
import dev.portico.auth.limit.RequestLimits;
import dev.portico.auth.revocation.Revocations;
import io.micronaut.http.HttpRequest;
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
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sign-in, challenges, refresh and sign-out. */
@Controller("/v1/auth")
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "session")
class SessionController {
  private final SessionAuthority sessions;
  private final RequestLimits limits;
  private final SignInRecord written;
  private final Revocations revocations;
  private final SignOut signOut;
  private final AuditLog audit;

  SessionController(
      SessionAuthority sessions,
      RequestLimits limits,
      SignInRecord written,
      Revocations revocations,
      SignOut signOut,
      AuditLog audit) {
    this.sessions = sessions;
    this.limits = limits;
    this.written = written;
    this.revocations = revocations;
    this.signOut = signOut;
    this.audit = audit;
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
  MutableHttpResponse<SignInAnswer> signIn(
      @Body @Valid SessionRequests.SignIn request, @Parameter(hidden = true) HttpRequest<?> http) {
    limits.attempt(http, request.username());
    return secret(
        SessionAnswers.signIn(
            written.of(
                sessions.signIn(request.username(), request.password(), SignInContext.of(http)),
                http)));
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
  MutableHttpResponse<SignInAnswer> challenge(
      @Body @Valid SessionRequests.Challenge request,
      @Parameter(hidden = true) HttpRequest<?> http) {
    limits.attempt(http, request.username());
    if (sendsMessage(request)) {
      limits.message(http, request.username());
    }
    return secret(
        SessionAnswers.challenge(
            written.of(
                answer(request, SignInContext.of(http)),
                ChallengeKind.of(request.challenge()),
                http)));
  }

  /** Whether a factor is chosen whose codes are sent. */
  private static boolean sendsMessage(SessionRequests.Challenge request) {
    String chosen = request.responses().mfaType();
    return chosen != null
        && request.challenge().equals(ChallengeKind.SELECT_MFA_TYPE.name())
        && !chosen.equals(ChallengeKind.SOFTWARE_TOKEN_MFA.name());
  }

  private SignInOutcome answer(SessionRequests.Challenge request, SignInContext context) {
    String username = request.username();
    String session = request.session();
    var given = request.responses();
    var kind = ChallengeKind.of(request.challenge());
    return switch (kind) {
      case NEW_PASSWORD_REQUIRED -> {
        Map<String, String> attributes = given.attributes();
        yield sessions.newPassword(
            username,
            session,
            required("newPassword", given.newPassword()),
            attributes == null ? Map.of() : attributes,
            context);
      }
      case SOFTWARE_TOKEN_MFA, EMAIL_OTP, SMS_MFA ->
          sessions.enterCode(username, kind, session, required("code", given.code()), context);
      case SELECT_MFA_TYPE ->
          sessions.chooseFactor(
              username, session, factor(required("mfaType", given.mfaType())), context);
      case MFA_SETUP ->
          sessions.finishSetup(username, session, required("code", given.code()), context);
    };
  }

  private static String required(String field, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw Problem.invalid("responses." + field, "must not be blank");
    }
    return value;
  }

  private static ChallengeKind factor(String name) {
    return Arrays.stream(ChallengeKind.values())
        .filter(kind -> kind.isCode() && kind.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> Problem.invalid("responses.mfaType", "must be one of parameters.mfaTypes"));
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
  MutableHttpResponse<SignInAnswer> refresh(
      @Body @Valid SessionRequests.Refresh request, @Parameter(hidden = true) HttpRequest<?> http) {
    limits.attempt(http);
    // First, since the pool may replace the token: then it could not be brought again.
    revocations.requireAnswer();
    Tokens tokens =
        sessions.refresh(request.refreshToken()).orElseThrow(SessionAnswers::refreshRefused);
    if (ended(TokenClaims.of(tokens))) {
      sessions.revoke(tokens.refreshToken());
      throw SessionAnswers.refreshRefused();
    }
    return secret(SignInAnswer.of(tokens));
  }

  /** Whether the session was ended here, though Cognito does not know of it. */
  private boolean ended(TokenClaims claims) {
    Instant begun = claims.authenticatedAt();
    String origin = claims.originJti();
    return revocations.hasEnded(claims.subject(), begun)
        || (origin != null && revocations.tokensEnded(origin));
  }

  /** Ends a session, or all of the user's. */
  @Post("/sign-out")
  @Secured(SecurityRule.IS_AUTHENTICATED)
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*") // nothing, whatever the caller accepts
  @Operation(
      operationId = "signOut",
      summary = "End the session of a refresh token, or all",
      description =
          "The refresh token is one of the caller's account; with everywhere it is not looked at."
              + " One that is not valid any more ends the session of the access token.",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "204", description = "Revoked, or was already")
  @ApiResponse(
      responseCode = "403",
      description = "The refresh token is somebody else's",
      content =
          @Content(
              mediaType = ProblemBody.MEDIA_TYPE,
              schema = @Schema(implementation = ProblemBody.class)))
  @ApiResponse(
      responseCode = "401",
      description = "No, or no valid, access token",
      content =
          @Content(
              mediaType = ProblemBody.MEDIA_TYPE,
              schema = @Schema(implementation = ProblemBody.class)))
  @ProblemResponses
  void signOut(
      @Body @Valid SessionRequests.SignOut request,
      Authentication caller,
      @Parameter(hidden = true) HttpRequest<?> http) {
    String refreshToken = request.refreshToken();
    boolean everywhere = Boolean.TRUE.equals(request.everywhere());
    if (refreshToken == null && !everywhere) {
      throw Problem.invalid("refreshToken", "must be given, unless everywhere is true");
    }
    if (everywhere) {
      signOut.endAll(caller);
    } else if (refreshToken != null) {
      signOut.end(caller, refreshToken);
    }
    audit.own(everywhere ? "sign-out.everywhere" : "sign-out", caller, http);
  }

  /** Tokens must not be kept by caches (RFC 6749 section 5.1). */
  private static MutableHttpResponse<SignInAnswer> secret(SignInAnswer answer) {
    return HttpResponse.ok(answer).header("Cache-Control", "no-store");
  }
}
