package dev.portico.content.violation;

import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.validation.Valid;

/** Takes what gateways have counted, on the internal port only (deploy/contracts/README.md). */
@Hidden
@Controller(value = "/internal/csp-reports", port = "${portico.internal-port}")
@ExecuteOn(TaskExecutors.BLOCKING)
class InternalViolationController {
  private final Violations violations;

  InternalViolationController(Violations violations) {
    this.violations = violations;
  }

  /** Adds a batch, once however often it is sent. */
  @Post
  @Status(HttpStatus.NO_CONTENT)
  void add(@Valid @Body ViolationBatch batch) {
    violations.add(batch);
  }
}
