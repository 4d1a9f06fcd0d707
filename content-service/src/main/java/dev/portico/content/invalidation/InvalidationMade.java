package dev.portico.content.invalidation;

import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents that a route answers an invalidation, a new one or the one that is there already. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
    responseCode = "201",
    description = "Made",
    headers =
        @Header(
            name = "Location",
            description = "The invalidation's path",
            schema = @Schema(type = "string", format = "uri-reference")),
    content =
        @Content(
            mediaType = "application/json",
            schema = @Schema(implementation = Invalidation.class)))
@ApiResponse(
    responseCode = "200",
    description = "This reference has made it before",
    headers =
        @Header(
            name = "Location",
            description = "The invalidation's path",
            schema = @Schema(type = "string", format = "uri-reference")),
    content =
        @Content(
            mediaType = "application/json",
            schema = @Schema(implementation = Invalidation.class)))
@interface InvalidationMade {}
