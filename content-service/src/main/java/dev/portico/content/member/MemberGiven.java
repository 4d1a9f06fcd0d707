package dev.portico.content.member;

import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents what giving a role answers. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
    responseCode = "201",
    description = "New member",
    headers =
        @Header(
            name = "ETag",
            description = "What it is like now, for If-Match",
            schema = @Schema(type = "string")))
@ApiResponse(
    responseCode = "204",
    description = "Was a member",
    headers =
        @Header(
            name = "ETag",
            description = "What it is like now, for If-Match",
            schema = @Schema(type = "string")))
@interface MemberGiven {}
