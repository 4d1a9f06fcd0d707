package dev.portico.auth;

import io.micronaut.core.io.ResourceLoader;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Hidden;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Serves the description of this API that the build has made. */
@Controller("/v1/auth")
@Secured(SecurityRule.IS_ANONYMOUS)
@Hidden
class OpenApiController {
  private static final String DOCUMENT = "classpath:META-INF/swagger/auth-service-1.yml";

  private final String document;

  OpenApiController(ResourceLoader resources) {
    try (InputStream in =
        resources
            .getResourceAsStream(DOCUMENT)
            .orElseThrow(() -> new IllegalStateException(DOCUMENT + " is not in the jar"))) {
      document = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The document (RFC 9512 names its media type). */
  @Get("/openapi.yml")
  @Produces("application/yaml")
  String document() {
    return document;
  }
}
