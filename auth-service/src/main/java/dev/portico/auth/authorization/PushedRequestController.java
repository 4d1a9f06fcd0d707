package dev.portico.auth.authorization;

import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.validation.Valid;

/** Where gateways push requests, on the internal port only (deploy/contracts/README.md). */
@Hidden
@Controller(value = "/internal/authorizations", port = "${portico.internal-port}")
@Secured(SecurityRule.IS_ANONYMOUS)
class PushedRequestController {
  private final AuthorizationRequests requests;

  PushedRequestController(AuthorizationRequests requests) {
    this.requests = requests;
  }

  /** Takes a request in. */
  @Post
  @Status(HttpStatus.CREATED)
  Pushed push(@Valid @Body PushedRequest pushed) {
    String requestUri = requests.push(pushed);
    return new Pushed(
        requestUri,
        requests.authorize(pushed.site(), requestUri).toString(),
        AuthorizationRequests.LIFE.toSeconds());
  }
}
