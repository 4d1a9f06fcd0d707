package dev.portico.content.error;

import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Documents that every refusal and failure of a controller's routes is a problem. By ranges of
 * statuses, since the generator takes the code "default" for that of the success.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
    responseCode = "4XX",
    description = "Refused",
    content =
        @Content(
            mediaType = ProblemBody.MEDIA_TYPE,
            schema = @Schema(implementation = ProblemBody.class)))
@ApiResponse(
    responseCode = "5XX",
    description = "Failed; with Retry-After it is worth another try",
    headers =
        @Header(
            name = "Retry-After",
            description = "Seconds to wait before the next try",
            schema = @Schema(type = "integer")),
    content =
        @Content(
            mediaType = ProblemBody.MEDIA_TYPE,
            schema = @Schema(implementation = ProblemBody.class)))
public @interface ProblemResponses {}
