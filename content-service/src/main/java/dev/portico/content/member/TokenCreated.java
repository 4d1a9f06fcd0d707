package dev.portico.content.member;

import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents that a route answers a deploy token, new or made by the same request before. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
    responseCode = "201",
    description = "Made, by this request or by an earlier one with its Idempotency-Key",
    headers =
        @Header(
            name = TokenCreated.REPLAYED,
            description =
                "true: an earlier request made the token. It is not in this answer, since only its"
                    + " hash is stored: if that answer was lost, revoke the token and make another",
            schema = @Schema(type = "boolean")),
    content =
        @Content(
            mediaType = "application/json",
            schema = @Schema(implementation = DeployToken.class)))
@interface TokenCreated {
  /** The header field, as Stripe calls it. */
  String REPLAYED = "Idempotent-Replayed";
}
