package dev.portico.content.change;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A gateway's poll (deploy/contracts/changes-request.json).
 *
 * @param gateway its id
 * @param version of its release; null: it does not know, or is of a release that does not say
 * @param after the last number it has applied, which confirms everything before
 * @param mark what came with that number; null when nothing did, or from a gateway without marks
 * @param invalidates whether it applies invalidations; null: it is of a release that does not
 * @param waitMillis how long it would wait for news, in milliseconds
 * @param counters what it counted
 */
@Serdeable
@Introspected
record ChangesRequest(
    @NotNull @Pattern(regexp = "[A-Za-z0-9._-]{1,64}") String gateway,
    @Nullable @Size(max = 64) String version,
    @Min(0) long after,
    @Nullable @Size(max = 64) String mark,
    @Nullable Boolean invalidates,
    @Min(0) long waitMillis,
    @Nullable @Size(max = 1000) Map<String, Long> counters) {}
