package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;

/**
 * When an address of an origin counts as down.
 *
 * @param failures failures in a row
 * @param openSeconds how long it is left alone then
 */
@Serdeable
public record OriginBreaker(
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "5") int failures,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "10") int openSeconds) {}
