package dev.portico.content.deployment;

import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents that a route answers where the deployment is that was published before. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
    responseCode = "200",
    description = "The same files had been published before",
    headers =
        @Header(
            name = "Location",
            description = "The deployment's path",
            schema = @Schema(type = "string", format = "uri-reference")))
@interface Located {}
