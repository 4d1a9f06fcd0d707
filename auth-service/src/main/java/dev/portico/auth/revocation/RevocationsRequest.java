package dev.portico.auth.revocation;

import io.micronaut.serde.annotation.Serdeable;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * A reader's poll (deploy/contracts/auth-revocations-request.json).
 *
 * @param gateway the reader's id
 * @param after the last number that it has applied; 0: none, so that it wants all that is kept
 * @param mark what came with that number
 * @param waitMillis how long it would wait for news, in milliseconds
 */
@Serdeable
record RevocationsRequest(
    @NotNull @Pattern(regexp = "[A-Za-z0-9._-]{1,64}") String gateway,
    @Min(0) long after,
    @Nullable @Size(max = 64) String mark,
    @Min(0) long waitMillis) {}
