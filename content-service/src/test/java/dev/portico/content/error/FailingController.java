package dev.portico.content.error;

import com.fasterxml.jackson.core.JsonParseException;
import dev.portico.content.s3.BucketException;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkClientException;

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

  @Get("/storage")
  String storage() {
    throw new BucketException("secret detail", null);
  }

  @Get("/table")
  String table() {
    throw SdkClientException.create("secret detail");
  }

  @Get("/damaged")
  String damaged() {
    throw new IllegalStateException("secret detail", new JsonParseException(null, "secret"));
  }

  @Post("/json")
  Map<String, String> json(@Body Map<String, String> body) {
    return body;
  }
}
