package dev.portico.auth.credentials;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.nimbusds.jwt.JWTParser;
import dev.portico.auth.error.Problem;
import dev.portico.auth.error.ProblemBody;
import dev.portico.auth.error.SignedInResponses;
import dev.portico.auth.token.AccessTokenValidator;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;

/** Temporary AWS credentials. */
@Controller("/v1/auth")
@Secured(SecurityRule.IS_AUTHENTICATED)
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "credentials")
class CredentialsController {
  private final CredentialsAuthority credentials;

  CredentialsController(CredentialsAuthority credentials) {
    this.credentials = credentials;
  }

  /**
   * Asks for credentials.
   *
   * @param idToken of the sign-in, which the identity pool wants rather than the access token
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "GetCredentials")
  record Request(@NotBlank @Size(max = 8192) String idToken) {
    @Override
    public String toString() {
      return "Request[...]";
    }
  }

  /** Trades an ID token for credentials. */
  @Post("/credentials")
  @Operation(
      operationId = "getCredentials",
      summary = "Get temporary AWS credentials",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "200", description = "Credentials of the role of the identity pool")
  @ApiResponse(
      responseCode = "403",
      description = "No identity pool is configured, or it gives no role to this token",
      content =
          @Content(
              mediaType = ProblemBody.MEDIA_TYPE,
              schema = @Schema(implementation = ProblemBody.class)))
  @SignedInResponses
  MutableHttpResponse<TemporaryCredentials> get(
      @Body @Valid Request request, Authentication caller) {
    if (!credentials.offered()) {
      throw Problem.of(
          403, "credentials-not-offered", "No AWS credentials", "No identity pool is configured.");
    }
    if (!caller.getName().equals(ownerOf(request.idToken()))) {
      throw refused();
    }
    var made =
        credentials
            .exchange(AccessTokenValidator.tokenOf(caller), request.idToken())
            .orElseThrow(CredentialsController::refused);
    return HttpResponse.ok(made).header("Cache-Control", "no-store");
  }

  /** Whose the token claims to be; that it is true is verified by the identity pool. */
  private static @Nullable String ownerOf(String idToken) {
    try {
      var claims = JWTParser.parse(idToken).getJWTClaimsSet();
      return claims == null ? null : claims.getSubject(); // null of an encrypted one
    } catch (ParseException e) {
      return null;
    }
  }

  private static Problem refused() {
    return Problem.of(
        403,
        "credentials-refused",
        "No AWS credentials",
        "The ID token is wrong, expired or not the caller's, or the identity pool gives it no role.");
  }
}
