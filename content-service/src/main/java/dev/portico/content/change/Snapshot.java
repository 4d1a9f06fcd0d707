package dev.portico.content.change;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.portico.content.settings.SettingsDocument;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a gateway needs to serve a site (deploy/contracts/snapshot.json).
 *
 * @param site its name
 * @param version grows with every change of the site
 * @param state {@code active} or {@code deleted}
 * @param hosts proven host names outside the site domain
 * @param deployment what is live, null: nothing yet
 * @param release what a share of the viewers gets in place of the live one, null: nothing
 * @param earlier deployments that were live before and whose assets are still found, latest first
 * @param aliases alias → deployment
 * @param requires what a gateway must understand to serve the site; before the settings, so that it
 *     is known when these cannot be read
 * @param settings of the site, compiled; with the values of header fields, which are secrets
 * @param settingsFile the deployment whose portico.yml has a part in them, null: none
 */
@Serdeable
public record Snapshot(
    String site,
    long version,
    String state,
    List<String> hosts,
    @Nullable String deployment,
    @Nullable Release release,
    List<Earlier> earlier,
    Map<String, String> aliases,
    List<String> requires,
    SettingsDocument settings,
    @Nullable String settingsFile) {
  /** That rules about who may have what are kept. */
  public static final String ACCESS = "access";

  /** What no gateway understands: the site is closed until its settings are right again. */
  public static final String REPAIR = "repair";

  /** What serving a site with these settings requires. */
  public static List<String> requires(SettingsDocument settings) {
    return settings.restrictsAccess() ? List.of(ACCESS) : List.of();
  }

  /**
   * A gradual release.
   *
   * @param deployment its id
   * @param percent of the viewers, 1 to 99
   * @param counted the name under which gateways are to count what viewers get of it; null: they
   *     need not
   */
  @Serdeable
  public record Release(
      String deployment,
      int percent,
      @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) String counted) {}

  /**
   * A deployment that was live.
   *
   * @param deployment its id
   * @param until when its assets are no longer found
   */
  @Serdeable
  public record Earlier(String deployment, Instant until) {}
}
