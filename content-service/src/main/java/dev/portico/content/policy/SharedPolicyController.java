package dev.portico.content.policy;

import dev.portico.content.conditional.IfMatch;
import dev.portico.content.conditional.Tagged;
import dev.portico.content.error.Problem;
import dev.portico.content.error.ProblemResponses;
import dev.portico.content.member.Caller;
import dev.portico.content.member.Paging;
import dev.portico.content.settings.PolicyDocument;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Policies that sites share: admins write them, publishers read them. */
@Controller("/v1/policies")
@ExecuteOn(TaskExecutors.BLOCKING)
@ProblemResponses
@Tag(name = "policies")
class SharedPolicyController {
  private final Policies policies;
  private final PolicyHistory history;

  SharedPolicyController(Policies policies, PolicyHistory history) {
    this.policies = policies;
    this.history = history;
  }

  /**
   * A policy as listed.
   *
   * @param id by which sites name it
   * @param kind cache, originRequest or responseHeaders
   * @param version as in its ETag
   * @param at when it was changed last
   * @param by sub of who did
   * @param sites how many use it
   */
  @Serdeable
  @Schema(name = "SharedPolicyEntry")
  record Entry(String id, String kind, long version, Instant at, String by, long sites) {}

  /**
   * A page.
   *
   * @param items by id
   * @param next cursor of the following page
   */
  @Serdeable
  @Schema(name = "SharedPolicyPage")
  record EntryPage(List<Entry> items, @Nullable String next) {}

  /**
   * A page of sites.
   *
   * @param items names
   * @param next cursor of the following page
   */
  @Serdeable
  @Schema(name = "SharedPolicySites")
  record SitePage(List<String> items, @Nullable String next) {}

  /** Lists the shared policies, by id. */
  @Get
  @Operation(operationId = "listPolicies")
  EntryPage list(
      @Parameter(hidden = true) Caller caller,
      @QueryValue(defaultValue = Paging.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor) {
    requireReader(caller);
    Policies.SharedPage page = policies.list(Paging.limit(limit), cursor);
    return new EntryPage(
        page.items().stream()
            .map(
                each ->
                    new Entry(
                        each.id(),
                        each.policy().kind().text(),
                        each.version(),
                        each.at(),
                        each.by(),
                        each.sites()))
            .toList(),
        page.next());
  }

  /** Shows a shared policy with every default filled in. */
  @Get("/{id}")
  @Tagged
  @Operation(operationId = "getPolicy")
  HttpResponse<PolicyDocument> get(@Parameter(hidden = true) Caller caller, String id) {
    requireReader(caller);
    return tagged(HttpStatus.OK, policies.get(id));
  }

  /**
   * Makes or replaces a shared policy: cache, originRequest or responseHeaders, one of them. What
   * it leaves out gets its default. Sites that use it have it within a second. With If-Match only
   * if it is what this ETag says.
   */
  @Put("/{id}")
  @PolicyPut
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = PolicyDocument.class)))
  @Operation(operationId = "putPolicy")
  HttpResponse<PolicyDocument> put(
      @Parameter(hidden = true) Caller caller,
      String id,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch,
      @Body byte[] document) {
    requireAdmin(caller);
    Policies.Changed changed = policies.put(caller, id, document, IfMatch.of(ifMatch));
    return tagged(changed.created() ? HttpStatus.CREATED : HttpStatus.OK, changed.policy());
  }

  /**
   * Removes a shared policy that no site uses; 409 names sites that do. With If-Match only if it is
   * what this ETag says.
   */
  @Delete("/{id}")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*") // nothing, whatever the caller accepts
  @Operation(operationId = "deletePolicy")
  void delete(
      @Parameter(hidden = true) Caller caller,
      String id,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch) {
    requireAdmin(caller);
    policies.delete(caller, id, IfMatch.of(ifMatch));
  }

  /** Lists the sites that use a shared policy, by name; for admins. */
  @Get("/{id}/sites")
  @Operation(operationId = "listPolicySites")
  SitePage sites(
      @Parameter(hidden = true) Caller caller,
      String id,
      @QueryValue(defaultValue = Paging.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor) {
    requireAdmin(caller);
    policies.get(id);
    Policies.UsePage page = policies.uses(id, Paging.limit(limit), cursor);
    return new SitePage(page.sites(), page.next());
  }

  /** Lists what a shared policy has been, newest first, also after its removal. */
  @Get("/{id}/versions")
  @Operation(operationId = "listPolicyVersions")
  PolicyHistory.EntryPage versions(
      @Parameter(hidden = true) Caller caller,
      String id,
      @QueryValue(defaultValue = Paging.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor) {
    requireReader(caller);
    return history.list(id, Paging.limit(limit), cursor);
  }

  /** Shows what a shared policy was, as {@code getPolicy} shows what it is. */
  @Get("/{id}/versions/{version}")
  @Operation(operationId = "getPolicyVersion")
  PolicyDocument version(
      @Parameter(hidden = true) Caller caller, String id, @PathVariable long version) {
    requireReader(caller);
    return history.stored(id, version).shown();
  }

  private static void requireAdmin(Caller caller) {
    if (!caller.admin()) {
      throw Problem.forbidden("Only members of the group admins change shared policies.");
    }
  }

  private static void requireReader(Caller caller) {
    if (!caller.mayCreateSites()) {
      throw Problem.forbidden(
          "Only members of the groups admins and publishers see shared policies.");
    }
  }

  private static HttpResponse<PolicyDocument> tagged(HttpStatus status, Policies.Shared policy) {
    return HttpResponse.<PolicyDocument>status(status)
        .body(policy.policy().shown())
        .header(HttpHeaders.ETAG, policy.tag());
  }
}
