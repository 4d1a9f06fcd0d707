package dev.portico.content.change;

import dev.portico.content.settings.SettingsDocument;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;

/**
 * What holds where a deployment is shown by a host that is not the site's own
 * (deploy/contracts/preview-settings.json).
 *
 * @param requires as in a {@link Snapshot}
 * @param settings compiled, as in a {@link Snapshot}
 */
@Serdeable
public record PreviewSettings(List<String> requires, SettingsDocument settings) {}
