package dev.portico.content.deployment;

import dev.portico.content.deployment.csp.ComputedPolicy;
import dev.portico.content.deployment.manifest.StoredManifest;
import dev.portico.content.error.ProblemResponses;
import dev.portico.content.member.Action;
import dev.portico.content.member.Caller;
import dev.portico.content.member.SiteAccess;
import dev.portico.content.settings.ResponseHeadersPolicy;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;

/** The Content-Security-Policy that a deployment's files need. */
@Controller("/v1/sites/{site}/deployments/{id}/content-security-policy")
@ExecuteOn(TaskExecutors.BLOCKING)
@ProblemResponses
@Tag(name = "deployments")
class PolicyController {
  private final SiteAccess access;
  private final SealedDeployments sealed;
  private final ManifestStore manifests;
  private final PolicyComputation computation;

  PolicyController(
      SiteAccess access,
      SealedDeployments sealed,
      ManifestStore manifests,
      PolicyComputation computation) {
    this.access = access;
    this.sealed = sealed;
    this.manifests = manifests;
    this.computation = computation;
  }

  /**
   * Computes the policy: hashes of inline scripts and styles, and the hosts that pages and style
   * sheets name. What programs load by themselves is not seen.
   */
  @Get
  @Operation(operationId = "computeContentSecurityPolicy")
  ComputedPolicy compute(@Parameter(hidden = true) Caller caller, String site, String id)
      throws IOException {
    access.require(caller, site, Action.READ);
    try (StoredManifest manifest =
        manifests
            .openSealed(sealed.require(site, id))
            .orElseThrow(
                () -> new IllegalStateException("the manifest of " + id + " is missing"))) {
      return computation.compute(manifest, ResponseHeadersPolicy.LONGEST_VALUE);
    }
  }
}
