package dev.portico.content.site;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.portico.content.dynamodb.Item;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A site as shown.
 *
 * @param name also its label under the site domain
 * @param title what people call it
 * @param state {@code active} or {@code deleted}
 * @param version grows with every change; its ETag
 * @param deployment what is live, null: nothing yet
 * @param url where viewers find it
 * @param createdAt when
 * @param createdBy sub of who made it
 * @param updatedAt of the last change
 * @param restorableUntil of a deleted site
 */
@Serdeable
public record Site(
    String name,
    String title,
    String state,
    long version,
    @Nullable String deployment,
    String url,
    Instant createdAt,
    String createdBy,
    Instant updatedAt,
    @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) Instant restorableUntil) {
  static final String ACTIVE = "active";
  static final String DELETED = "deleted";

  /**
   * A new site.
   *
   * @param name 3 to 30 lower-case letters, digits and single hyphens
   * @param title null: the name
   */
  @Serdeable
  @Schema(name = "SiteCreation")
  public record Creation(
      @NotNull String name,
      @Nullable @Size(max = 200) @Pattern(regexp = "^[^\\x00-\\x1f\\x7f]*$") String title) {}

  /**
   * Changes of a site; what is null stays.
   *
   * @param title new title
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "SitePatch")
  public record Patch(
      @Nullable @Size(min = 1, max = 200) @Pattern(regexp = "^[^\\x00-\\x1f\\x7f]*$")
          String title) {}

  /**
   * A page of sites.
   *
   * @param items by name
   * @param next cursor of the following page
   */
  @Serdeable
  @Schema(name = "SitePage")
  public record SitePage(List<Site> items, @Nullable String next) {}

  static Site of(Item item, SiteSettings settings) {
    String name = name(item);
    return new Site(
        name,
        item.string("title"),
        item.string("state"),
        item.number("version"),
        item.optionalString("deployment").orElse(null),
        settings.siteUrl(name),
        item.instant("createdAt"),
        item.string("createdBy"),
        item.instant("updatedAt"),
        item.optionalInstant("purgeAt").orElse(null));
  }

  static String name(Item item) {
    return item.key().pk().substring("SITE#".length());
  }
}
