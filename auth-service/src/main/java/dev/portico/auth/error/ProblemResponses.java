package dev.portico.auth.error;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents the problems that every route can answer with. */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
    responseCode = "400",
    description = "Malformed JSON, or fields that do not hold what they must; see errors",
    content =
        @Content(
            mediaType = ProblemBody.MEDIA_TYPE,
            schema = @Schema(implementation = ProblemBody.class)))
@ApiResponse(
    responseCode = "413",
    description = "Body too large",
    content =
        @Content(
            mediaType = ProblemBody.MEDIA_TYPE,
            schema = @Schema(implementation = ProblemBody.class)))
@ApiResponse(
    responseCode = "415",
    description = "Not application/json",
    content =
        @Content(
            mediaType = ProblemBody.MEDIA_TYPE,
            schema = @Schema(implementation = ProblemBody.class)))
@ApiResponse(
    responseCode = "429",
    description = "Too many requests; see Retry-After",
    content =
        @Content(
            mediaType = ProblemBody.MEDIA_TYPE,
            schema = @Schema(implementation = ProblemBody.class)))
@ApiResponse(
    responseCode = "503",
    description = "The user pool does not answer; see Retry-After",
    content =
        @Content(
            mediaType = ProblemBody.MEDIA_TYPE,
            schema = @Schema(implementation = ProblemBody.class)))
public @interface ProblemResponses {}
