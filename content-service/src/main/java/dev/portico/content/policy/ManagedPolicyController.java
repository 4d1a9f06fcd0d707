package dev.portico.content.policy;

import dev.portico.content.error.ProblemResponses;
import dev.portico.content.member.Caller;
import dev.portico.content.settings.ManagedPolicyList;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;

/** The policies that are there without anybody having made them. */
@Controller("/v1/managed-policies")
@ProblemResponses
@Tag(name = "policies")
class ManagedPolicyController {
  /**
   * Lists CloudFront's managed cache, origin request and response headers policies, which settings
   * can name by id or by name.
   */
  @Get
  @Operation(operationId = "listManagedPolicies")
  ManagedPolicyList list(@Parameter(hidden = true) Caller caller) {
    return ManagedPolicyList.ALL;
  }
}
