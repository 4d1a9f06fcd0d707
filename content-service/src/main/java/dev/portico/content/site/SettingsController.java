package dev.portico.content.site;

import dev.portico.content.conditional.EntityTag;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.error.Problem;
import dev.portico.content.error.ProblemResponses;
import dev.portico.content.member.Action;
import dev.portico.content.member.Caller;
import dev.portico.content.member.Paging;
import dev.portico.content.member.SiteAccess;
import dev.portico.content.request.QueryParameters;
import dev.portico.content.settings.SettingsContext;
import dev.portico.content.settings.SettingsDocument;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
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
  private static final String DEPLOYMENT = "deployment";
  private static final String CONTEXT = "context";
  private static final String PRODUCTION = "production";

  private final SiteAccess access;
  private final Settings settings;
  private final SettingsHistory history;
  private final SealedByName deployments;

  SettingsController(
      SiteAccess access, Settings settings, SettingsHistory history, SealedByName deployments) {
    this.access = access;
    this.settings = settings;
    this.history = history;
    this.deployments = deployments;
  }

  /**
   * Shows the settings with every default filled in; values of header fields are null.
   *
   * @param effective whether to show those that hold, with what a deployment's portico.yml says in
   *     place of what was given over the API
   * @param deployment whose file, with {@code effective}: its id, or an alias; by default the live
   *     one's
   * @param context for which kind of host, with {@code effective}: {@code production}, {@code
   *     preview} or {@code alias:{name}}
   */
  @Get
  @SettingsAnswer
  @Operation(operationId = "getSettings")
  HttpResponse<SettingsDocument> get(
      @Parameter(hidden = true) Caller caller,
      String site,
      @QueryValue(defaultValue = "false") boolean effective,
      @Nullable @QueryValue String deployment,
      @QueryValue(defaultValue = PRODUCTION) String context,
      @Parameter(hidden = true) HttpRequest<?> request) {
    Item item = access.requireEvenDeleted(caller, site, Action.READ);
    QueryParameters.requireFlag(request, "effective");
    if (!effective) {
      requirePlain(deployment, context);
      return tagged(settings.show(item));
    }
    String id = deployment == null ? null : sealed(site, deployment);
    return tagged(settings.effective(item, id, context(context)));
  }

  /** The default of the context says nothing, and clients may send defaults. */
  private static void requirePlain(@Nullable String deployment, String context) {
    if (deployment != null || !context.equals(PRODUCTION)) {
      throw Problem.invalid(
          deployment != null ? DEPLOYMENT : CONTEXT, "is understood with effective=true alone");
    }
  }

  private String sealed(String site, String name) {
    return deployments
        .find(site, name)
        .orElseThrow(() -> Problem.invalid(DEPLOYMENT, "is no sealed deployment of this site"));
  }

  private static SettingsContext context(String text) {
    return SettingsContext.parse(text)
        .orElseThrow(() -> Problem.invalid(CONTEXT, "must be production, preview or alias:{name}"));
  }

  /** Replaces the settings as a whole; what the document leaves out gets its default. */
  @Put
  @SettingsAnswer
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

  /** Lists the settings that the site has had, newest first, those that hold included. */
  @Get("/versions")
  @Operation(operationId = "listSettingsVersions")
  SettingsHistory.EntryPage versions(
      @Parameter(hidden = true) Caller caller,
      String site,
      @QueryValue(defaultValue = Paging.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor) {
    access.requireEvenDeleted(caller, site, Action.READ);
    return history.list(site, Paging.limit(limit), cursor);
  }

  /** Shows settings that the site has had, as {@code getSettings} shows those that hold. */
  @Get("/versions/{version}")
  @Operation(operationId = "getSettingsVersion")
  SettingsDocument version(
      @Parameter(hidden = true) Caller caller, String site, @PathVariable long version) {
    access.requireEvenDeleted(caller, site, Action.READ);
    return history.stored(site, version).shown();
  }

  /**
   * Makes settings that the site has had hold again. Values of header fields that are known today
   * for the same server stay as they are.
   */
  @Post("/versions/{version}/restore")
  @Consumes("*/*")
  @SettingsAnswer
  @Operation(operationId = "restoreSettings")
  HttpResponse<SettingsDocument> restore(
      @Parameter(hidden = true) Caller caller,
      String site,
      @PathVariable long version,
      @Nullable @Header("If-Match") String ifMatch) {
    access.require(caller, site, Action.MANAGE);
    return tagged(settings.restore(caller, site, EntityTag.version(ifMatch), version));
  }

  private static HttpResponse<SettingsDocument> tagged(Settings.Shown shown) {
    MutableHttpResponse<SettingsDocument> answer =
        HttpResponse.ok(shown.document()).header("ETag", EntityTag.of(shown.version()));
    return shown.owned().isEmpty()
        ? answer
        : answer.header(SettingsAnswer.OWNED, String.join(", ", shown.owned()));
  }
}
