package dev.portico.gateway.site;

import org.jspecify.annotations.Nullable;

/**
 * How the sign-in pages look when viewers of a site come there.
 *
 * @param title the site's name there; null: its host
 * @param accent a colour, {@code #rrggbb}; null: Portico's own
 * @param logo path of an image on the site; null: none
 */
public record SignIn(@Nullable String title, @Nullable String accent, @Nullable String logo) {
  /** Of a site that says nothing. */
  public static final SignIn NONE = new SignIn(null, null, null);
}
