package dev.portico.content.deployment;

import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents that a route answers a new deployment and where it is. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
    responseCode = "201",
    description = "Published",
    headers =
        @Header(
            name = "Location",
            description = "The deployment's path",
            schema = @Schema(type = "string", format = "uri-reference")),
    content =
        @Content(
            mediaType = "application/json",
            schema = @Schema(implementation = DeploymentView.class)))
@interface Published {}
