package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * How paths of a site lead to files of its deployment (docs/serving.md, "Which file").
 *
 * @param pretty whether pages are at paths without {@code .html} and {@code index.html}
 * @param notFound what answers where there is no file: {@code page}, {@code spa}, {@code plain} or
 *     {@code page-or-spa}
 * @param conventions whose defaults hold where hosts of sites differ: {@code portico} or {@code
 *     cloudflare-pages}
 */
@Serdeable
public record FileHandling(
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED) boolean pretty,
    @Schema(
            requiredMode = Schema.RequiredMode.NOT_REQUIRED,
            type = "string",
            allowableValues = {"page", "spa", "plain", "page-or-spa"})
        String notFound,
    @Schema(
            requiredMode = Schema.RequiredMode.NOT_REQUIRED,
            type = "string",
            defaultValue = "portico",
            allowableValues = {"portico", "cloudflare-pages"})
        String conventions) {
  static final List<String> CONVENTIONS = List.of("portico", "cloudflare-pages");

  private static final List<String> NOT_FOUND = List.of("page", "spa", "plain", "page-or-spa");

  /** The same, with Cloudflare Pages' default first. */
  private static final List<String> NOT_FOUND_OF_PAGES =
      List.of("page-or-spa", "page", "spa", "plain");

  /** Files are at their own names, and the nearest 404.html answers where there is none. */
  static final FileHandling DEFAULT =
      new FileHandling(false, NOT_FOUND.getFirst(), CONVENTIONS.getFirst());

  static FileHandling read(Fields fields) {
    String conventions = fields.word("conventions", CONVENTIONS);
    boolean pages = isPages(conventions);
    return new FileHandling(
        fields.flag("pretty", pages),
        fields.word("notFound", pages ? NOT_FOUND_OF_PAGES : NOT_FOUND),
        conventions);
  }

  private static boolean isPages(String conventions) {
    return !conventions.equals(CONVENTIONS.getFirst());
  }

  /** Whether files with a hash in their name are immutable where a site does not say. */
  boolean immutableAssets() {
    return !isPages(conventions);
  }
}
