package dev.portico.content.blob;

import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.validation.Valid;

/**
 * Carries what is hot from gateways that run to those that start, on the internal port only
 * (deploy/contracts/README.md).
 */
@Hidden
@Controller(value = "/internal/hot-blobs", port = "${portico.internal-port}")
@ExecuteOn(TaskExecutors.BLOCKING)
class HotBlobController {
  private final HotBlobs blobs;

  HotBlobController(HotBlobs blobs) {
    this.blobs = blobs;
  }

  /** Notes what is hot at a gateway. */
  @Post
  @Status(HttpStatus.NO_CONTENT)
  void report(@Valid @Body HotBlobReport report) {
    blobs.report(report);
  }

  /** Answers what is hot at all that have said so lately. */
  @Get
  HotBlobList hottest() {
    return new HotBlobList(blobs.hottest());
  }
}
