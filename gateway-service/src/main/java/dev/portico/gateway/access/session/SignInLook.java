package dev.portico.gateway.access.session;

import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * How a site wants the sign-in pages to look.
 *
 * @param title what they are headed; null: as always
 * @param accent a colour, {@code #rrggbb}; null: as always
 * @param logo the address of a picture at the site; null for none
 */
@Serdeable
public record SignInLook(@Nullable String title, @Nullable String accent, @Nullable String logo) {}
