package dev.portico.auth.identity;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Hidden;

/** The public keys of identity tokens, for origins. */
@Hidden
@Controller("/.well-known")
@Secured(SecurityRule.IS_ANONYMOUS)
@ExecuteOn(TaskExecutors.BLOCKING)
class IdentityKeyController {
  private final IdentityKeys keys;

  IdentityKeyController(IdentityKeys keys) {
    this.keys = keys;
  }

  /** The keys as a JWK set (RFC 7517 section 5). */
  @Get("/jwks.json")
  @Produces("application/json")
  HttpResponse<String> keys() {
    return HttpResponse.ok(keys.published().toString(true))
        .header("Cache-Control", "public, max-age=300");
  }
}
