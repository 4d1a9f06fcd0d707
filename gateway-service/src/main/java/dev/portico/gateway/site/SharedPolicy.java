package dev.portico.gateway.site;

import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.cache.semantics.OriginRequestPolicy;
import dev.portico.gateway.response.policy.PolicyRules;
import org.jspecify.annotations.Nullable;

/**
 * A policy that sites share, of one kind: one of deploy/contracts/policies.json.
 *
 * @param id by which settings name it
 * @param version another one with each change
 * @param cache how responses of origins are cached; null: of another kind
 * @param originRequest what origins get besides what is in the key; null: of another kind
 * @param responseHeaders what is done to the header fields of responses; null: of another kind
 */
record SharedPolicy(
    String id,
    long version,
    @Nullable CachePolicy cache,
    @Nullable OriginRequestPolicy originRequest,
    @Nullable PolicyRules responseHeaders) {}
