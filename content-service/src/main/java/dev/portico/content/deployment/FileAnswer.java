package dev.portico.content.deployment;

import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents that a route answers the bytes of a file, or a range of them. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
    responseCode = "200",
    description = "All of it",
    headers = {
      @Header(
          name = "ETag",
          description = "The file's digest, for If-None-Match",
          schema = @Schema(type = "string")),
      @Header(name = "Accept-Ranges", description = "bytes", schema = @Schema(type = "string"))
    },
    content =
        @Content(
            mediaType = "application/octet-stream",
            schema = @Schema(type = "string", format = "binary")))
@ApiResponse(
    responseCode = "206",
    description = "The range that was asked for",
    headers = {
      @Header(
          name = "ETag",
          description = "The file's digest, for If-None-Match",
          schema = @Schema(type = "string")),
      @Header(
          name = "Content-Range",
          description = "Which bytes these are (RFC 9110, section 14.4)",
          schema = @Schema(type = "string"))
    },
    content =
        @Content(
            mediaType = "application/octet-stream",
            schema = @Schema(type = "string", format = "binary")))
@interface FileAnswer {}
