package dev.portico.content.site;

import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents that a route answers a new site, where it is and its version. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
    responseCode = "201",
    description = "Created",
    headers = {
      @Header(
          name = "ETag",
          description = "The site's version, for If-Match",
          schema = @Schema(type = "string")),
      @Header(
          name = "Location",
          description = "The site's path",
          schema = @Schema(type = "string", format = "uri-reference"))
    },
    content =
        @Content(mediaType = "application/json", schema = @Schema(implementation = Site.class)))
@interface SiteCreated {}
