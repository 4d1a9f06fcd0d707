package dev.portico.auth.user;

import dev.portico.auth.error.Problem;
import dev.portico.auth.error.SignedInResponses;
import dev.portico.auth.token.AccessTokenValidator;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;

/** Tells the caller who they are. */
@Controller("/v1/auth")
@Secured(SecurityRule.IS_AUTHENTICATED)
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "user")
class UserController {
  private final UserDirectory users;

  UserController(UserDirectory users) {
    this.users = users;
  }

  /** The caller, asked of the pool, so that a revoked token is seen at once. */
  @Get("/me")
  @Operation(
      operationId = "me",
      summary = "Who am I",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "200", description = "The caller")
  @SignedInResponses
  MutableHttpResponse<Me> me(Authentication caller) {
    UserProfile profile =
        users
            .find(AccessTokenValidator.tokenOf(caller))
            .orElseThrow(() -> Problem.tokenRefused("revoked: the session was ended"));
    var me =
        new Me(
            caller.getName(),
            profile.username(),
            profile.attributes().get("email"),
            Boolean.parseBoolean(profile.attributes().get("email_verified")),
            profile.others(),
            profile.factors(),
            List.copyOf(caller.getRoles()));
    return HttpResponse.ok(me).header("Cache-Control", "no-store");
  }
}
