package dev.portico.content.member;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Hidden;

/**
 * Tells gateways what an account is to a site, on the internal port only
 * (deploy/contracts/member.json).
 */
@Hidden
@Controller(value = "/internal/sites/{site}/members/{sub}", port = "${portico.internal-port}")
@ExecuteOn(TaskExecutors.BLOCKING)
class InternalMemberController {
  private final Members members;

  InternalMemberController(Members members) {
    this.members = members;
  }

  /** The role as it is now, strongly consistent; none of a site that is not there. */
  @Get
  SiteRole role(String site, String sub) {
    return new SiteRole(members.role(site, sub).map(Role::text).orElse(null));
  }
}
