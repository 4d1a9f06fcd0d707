package dev.portico.auth.administration;

import dev.portico.auth.error.ProblemBody;
import dev.portico.auth.error.SignedInResponses;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents the problems that every route of this feature can answer with. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
    responseCode = "403",
    description = "Not of the group admins",
    content =
        @Content(
            mediaType = ProblemBody.MEDIA_TYPE,
            schema = @Schema(implementation = ProblemBody.class)))
@ApiResponse(
    responseCode = "404",
    description = "No such account or group",
    content =
        @Content(
            mediaType = ProblemBody.MEDIA_TYPE,
            schema = @Schema(implementation = ProblemBody.class)))
@ApiResponse(
    responseCode = "409",
    description = "It exists already, its state does not allow this, or it is one's own",
    content =
        @Content(
            mediaType = ProblemBody.MEDIA_TYPE,
            schema = @Schema(implementation = ProblemBody.class)))
@SignedInResponses
@interface ForAdministrators {}
