package dev.portico.content.blob;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/**
 * A representation of a blob that viewers ask for often.
 *
 * @param sha256 of the blob
 * @param coding its content coding, {@code identity} for none
 * @param size its bytes in that coding
 */
@Serdeable
@Introspected
record HotBlob(
    @NotNull @Pattern(regexp = "[0-9a-f]{64}") String sha256,
    @NotNull @Pattern(regexp = "br|zstd|gzip|identity") String coding,
    @Min(0) long size) {}
