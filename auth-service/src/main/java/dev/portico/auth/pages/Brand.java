package dev.portico.auth.pages;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * How a site wants the pages to look that lead to it.
 *
 * @param title what stands above each page
 * @param accent the colour of buttons and links
 * @param logo the address of a picture, or null
 */
record Brand(String title, Accent accent, @Nullable URI logo) {
  private static final int LONGEST_TITLE = 60;

  /**
   * The look that was asked for, as far as it can be shown: what cannot is left out, since nobody
   * can sign in by a page that refuses to be shown.
   *
   * @param otherwise the title for a site that names none
   */
  static Brand of(
      @Nullable String title, String otherwise, @Nullable String accent, @Nullable String logo) {
    return new Brand(
        title == null || title.isBlank() ? otherwise : shortened(title.strip()),
        accent == null ? Accent.DEFAULT : Accent.of(accent).orElse(Accent.DEFAULT),
        logo == null ? null : picture(logo));
  }

  /** Where the logo comes from, as policies name it; null if there is none. */
  @Nullable String logoOrigin() {
    return logo == null ? null : logo.getScheme() + "://" + logo.getRawAuthority();
  }

  private static String shortened(String title) {
    return title.codePointCount(0, title.length()) <= LONGEST_TITLE
        ? title
        : title.substring(0, title.offsetByCodePoints(0, LONGEST_TITLE));
  }

  /** An address by HTTP without anything that could end a directive of a policy. */
  private static @Nullable URI picture(String address) {
    try {
      URI uri = URI.create(address);
      boolean plain =
          uri.getHost() != null
              && uri.getRawUserInfo() == null
              && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
      return plain ? uri : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
