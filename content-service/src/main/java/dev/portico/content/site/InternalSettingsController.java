package dev.portico.content.site;

import dev.portico.content.change.PreviewSettings;
import dev.portico.content.change.Snapshot;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.error.Problem;
import dev.portico.content.member.SiteAccess;
import dev.portico.content.settings.SettingsContext;
import dev.portico.content.settings.SettingsDocument;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Hidden;

/**
 * Gives gateways the settings that hold where a deployment is shown by a preview's host, on the
 * internal port only (deploy/contracts/preview-settings.json).
 */
@Hidden
@Controller(
    value = "/internal/sites/{site}/deployments/{id}/settings",
    port = "${portico.internal-port}")
@ExecuteOn(TaskExecutors.BLOCKING)
class InternalSettingsController {
  private final Table table;
  private final SettingsFiles files;

  InternalSettingsController(Table table, SettingsFiles files) {
    this.table = table;
    this.files = files;
  }

  /**
   * The settings, never older than the site's version; 404 when there is no such active site, 409
   * when the deployment's file and the site's own settings do not go together.
   */
  @Get
  PreviewSettings settings(String site, String id, @QueryValue String context) {
    Item item =
        table
            .get(SiteAccess.siteKey(site))
            .filter(found -> found.string("state").equals(Site.ACTIVE))
            .orElseThrow(() -> Problem.notFound("The site " + site));
    SettingsContext kind =
        SettingsContext.parse(context).orElseThrow(() -> Problem.invalid("context", "is none"));
    SettingsDocument settings = files.effective(item, files.of(site, id), id, kind).compiled();
    return new PreviewSettings(Snapshot.requires(settings), settings);
  }
}
