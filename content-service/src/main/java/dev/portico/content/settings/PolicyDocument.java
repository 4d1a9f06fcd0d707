package dev.portico.content.settings;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import org.jspecify.annotations.Nullable;

/**
 * A policy that sites share, with every default filled in: as the API shows it and, compiled, as
 * gateways read it (deploy/contracts/policies.json). It is of one kind.
 *
 * @param kind of which; in a request it may be left out
 * @param cache a cache policy
 * @param originRequest an origin request policy
 * @param responseHeaders a response headers policy
 */
@Serdeable
@Schema(
    name = "SharedPolicy",
    description = "A policy that sites share: cache, originRequest or responseHeaders, one of them")
public record PolicyDocument(
    @Schema(
            requiredMode = RequiredMode.NOT_REQUIRED,
            type = "string",
            allowableValues = {"cache", "originRequest", "responseHeaders"})
        String kind,
    @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) CachePolicy cache,
    @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) OriginRequestPolicy originRequest,
    @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) ResponseHeadersPolicy responseHeaders) {}
