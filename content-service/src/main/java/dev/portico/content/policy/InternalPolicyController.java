package dev.portico.content.policy;

import dev.portico.content.settings.PolicyDocument;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.List;

/**
 * Gives gateways the policies that sites share, on the internal port only
 * (deploy/contracts/policies.json).
 */
@Hidden
@Controller(value = "/internal/policies", port = "${portico.internal-port}")
@ExecuteOn(TaskExecutors.BLOCKING)
class InternalPolicyController {
  private final Policies policies;

  InternalPolicyController(Policies policies) {
    this.policies = policies;
  }

  /**
   * A policy as gateways get it.
   *
   * @param id by which settings name it
   * @param version grows with each change, also of one that was removed and made again
   * @param policy compiled
   */
  @Serdeable
  record Held(String id, long version, PolicyDocument policy) {
    static Held of(Policies.Shared shared) {
      return new Held(shared.id(), shared.version(), shared.policy().compiled());
    }
  }

  /**
   * All policies.
   *
   * @param policies by id
   */
  @Serdeable
  record HeldAll(List<Held> policies) {}

  /** All of them: there are few, each is small, and a gateway holds all. */
  @Get
  HeldAll all() {
    return new HeldAll(policies.all().stream().map(Held::of).toList());
  }
}
