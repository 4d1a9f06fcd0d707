package dev.portico.content.error;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.Map;

/** Fails in the ways that no real route should. */
@Hidden
@Controller("/v1/failing")
@ExecuteOn(TaskExecutors.BLOCKING)
@Requires(property = "test.failing-controller")
class FailingController {
  @Get("/bug")
  String bug() {
    throw new IllegalStateException("secret detail: jdbc://user:password@host");
  }

  @Get("/busy")
  String busy() {
    throw Problem.busy();
  }

  @Post("/json")
  Map<String, String> json(@Body Map<String, String> body) {
    return body;
  }
}
