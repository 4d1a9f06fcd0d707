package dev.portico.content.control;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Hidden;

/** Tells gateways what is switched on, on the internal port only (deploy/contracts). */
@Hidden
@Controller(value = "/internal/controls", port = "${portico.internal-port}")
@ExecuteOn(TaskExecutors.BLOCKING)
class InternalControlController {
  private final ControlTable controls;

  InternalControlController(ControlTable controls) {
    this.controls = controls;
  }

  /** All of it as it is now, strongly consistent. */
  @Get
  GatewayControls controls() {
    return GatewayControls.of(controls.read());
  }
}
