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
 * @param release what a share of the viewers gets already, null: nothing
 * @param rolledBack the gradual release that was ended because of its errors, until the next one or
 *     an activation; null: none was
 * @param lock what keeps it from showing another deployment, null: nothing
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
    @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) Release release,
    @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) RolledBack rolledBack,
    @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) Lock lock,
    String url,
    Instant createdAt,
    String createdBy,
    Instant updatedAt,
    @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) Instant restorableUntil) {
  static final String ACTIVE = "active";
  static final String DELETED = "deleted";

  /**
   * A gradual release.
   *
   * @param deployment what a share of the viewers gets
   * @param percent the share, 1 to 99
   * @param maxErrorRate how many percent more of its viewers' requests may fail than of others';
   *     null: it is not rolled back by itself
   * @param minRequests how many requests of its viewers it takes to judge it; null: it is not
   *     judged
   * @param at when the share was set
   * @param by who set it
   */
  @Serdeable
  @Schema(name = "GradualRelease")
  public record Release(
      String deployment,
      int percent,
      @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) Double maxErrorRate,
      @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) Integer minRequests,
      Instant at,
      String by) {}

  /**
   * A gradual release that was ended because too many of its viewers' requests failed.
   *
   * @param deployment what a share of the viewers got
   * @param at when it was ended
   * @param reason for people
   * @param requests of its viewers that were judged
   * @param errors how many of them failed
   */
  @Serdeable
  @Schema(name = "ReleaseRolledBack")
  public record RolledBack(
      String deployment, Instant at, String reason, long requests, long errors) {}

  /**
   * A lock against activation.
   *
   * @param at since when
   * @param by sub of who locked it
   * @param reason as given; may be empty
   */
  @Serdeable
  @Schema(name = "SiteLock")
  public record Lock(Instant at, String by, String reason) {}

  /**
   * A new site.
   *
   * @param name 3 to 30 lower-case letters, digits and single hyphens
   * @param title null: the name
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
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
        GradualRelease.of(item),
        GradualRelease.rolledBack(item),
        SiteLocks.of(item),
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
