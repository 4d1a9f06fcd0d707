package dev.portico.content.change;

import dev.portico.content.settings.SettingsDocument;
import io.micronaut.serde.annotation.Serdeable;
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
 * @param aliases alias → deployment
 * @param settings of the site, compiled; with the values of header fields, which are secrets
 */
@Serdeable
public record Snapshot(
    String site,
    long version,
    String state,
    List<String> hosts,
    @Nullable String deployment,
    Map<String, String> aliases,
    SettingsDocument settings) {}
