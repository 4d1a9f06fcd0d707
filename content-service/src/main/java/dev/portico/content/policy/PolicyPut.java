package dev.portico.content.policy;

import dev.portico.content.settings.PolicyDocument;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents what putting a shared policy is answered with. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
    responseCode = "200",
    description = "Replaced",
    headers =
        @Header(
            name = "ETag",
            description = "What it is like now, for If-Match",
            schema = @Schema(type = "string")),
    content =
        @Content(
            mediaType = "application/json",
            schema = @Schema(implementation = PolicyDocument.class)))
@ApiResponse(
    responseCode = "201",
    description = "New",
    headers =
        @Header(
            name = "ETag",
            description = "What it is like now, for If-Match",
            schema = @Schema(type = "string")),
    content =
        @Content(
            mediaType = "application/json",
            schema = @Schema(implementation = PolicyDocument.class)))
@interface PolicyPut {}
