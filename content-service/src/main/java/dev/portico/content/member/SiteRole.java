package dev.portico.content.member;

import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * What an account is to a site (deploy/contracts/member.json).
 *
 * @param role {@code viewer}, {@code publisher} or {@code owner}; null: no member
 */
@Serdeable
public record SiteRole(@Nullable String role) {}
