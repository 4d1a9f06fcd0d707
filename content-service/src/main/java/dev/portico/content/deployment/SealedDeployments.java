package dev.portico.content.deployment;

import dev.portico.content.error.Problem;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Answers: can viewers be shown this deployment? */
@Singleton
class SealedDeployments {
  private final DeploymentTable deployments;
  private final Clock clock;

  SealedDeployments(DeploymentTable deployments, Clock clock) {
    this.deployments = deployments;
    this.clock = clock;
  }

  /** Whether it is there and sealed. */
  boolean has(String site, String id) {
    return deployments
        .get(site, id, clock.instant())
        .filter(record -> record.state() == DeploymentState.SEALED)
        .isPresent();
  }

  /**
   * Refuses what cannot be viewed, saying why.
   *
   * @throws Problem 404 or 410 when there is none, 409 when it is still uploading
   */
  DeploymentRecord require(String site, String id) {
    DeploymentRecord record =
        deployments
            .get(site, id, clock.instant())
            .orElseThrow(() -> Problem.notFound("The deployment " + id));
    return switch (record.state()) {
      case SEALED -> record;
      case DELETED -> throw Problem.gone("The deployment " + id + " has been deleted.");
      case UPLOADING ->
          throw Problem.conflict(
              "not-sealed", "The deployment " + id + " is still uploading. Seal it first.");
    };
  }
}
