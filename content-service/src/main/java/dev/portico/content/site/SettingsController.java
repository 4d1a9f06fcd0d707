package dev.portico.content.site;

import dev.portico.content.conditional.EntityTag;
import dev.portico.content.conditional.Versioned;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.error.Problem;
import dev.portico.content.error.ProblemResponses;
import dev.portico.content.member.Action;
import dev.portico.content.member.Caller;
import dev.portico.content.member.SiteAccess;
import dev.portico.content.settings.SettingsDocument;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Settings of a site: one document, whose ETag is the site's. */
@Controller("/v1/sites/{site}/settings")
@ExecuteOn(TaskExecutors.BLOCKING)
@ProblemResponses
@Tag(name = "sites")
class SettingsController {
  private final SiteAccess access;
  private final Settings settings;

  SettingsController(SiteAccess access, Settings settings) {
    this.access = access;
    this.settings = settings;
  }

  /** Shows the settings with every default filled in; values of header fields are null. */
  @Get
  @Versioned
  @Operation(operationId = "getSettings")
  HttpResponse<SettingsDocument> get(@Parameter(hidden = true) Caller caller, String site) {
    Item item = access.requireEvenDeleted(caller, site, Action.READ);
    return tagged(settings.show(item));
  }

  /** Replaces the settings as a whole; what the document leaves out gets its default. */
  @Put
  @Versioned
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = SettingsDocument.class)))
  @Operation(operationId = "putSettings")
  HttpResponse<SettingsDocument> put(
      @Parameter(hidden = true) Caller caller,
      String site,
      @Nullable @Header("If-Match") String ifMatch,
      @Body byte[] document) {
    access.require(caller, site, Action.MANAGE);
    if (ifMatch == null) {
      throw Problem.preconditionRequired();
    }
    return tagged(settings.replace(caller, site, EntityTag.version(ifMatch), document));
  }

  private static HttpResponse<SettingsDocument> tagged(Settings.Shown shown) {
    return HttpResponse.ok(shown.document()).header("ETag", EntityTag.of(shown.version()));
  }
}
