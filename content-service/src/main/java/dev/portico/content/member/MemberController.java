package dev.portico.content.member;

import dev.portico.content.error.ProblemResponses;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;

/** Members, deploy tokens and the audit log of a site. */
@Controller("/v1/sites/{site}")
@ExecuteOn(TaskExecutors.BLOCKING)
@ProblemResponses
@Tag(name = "members")
class MemberController {
  private final SiteAccess access;
  private final Members members;
  private final DeployTokens tokens;
  private final AuditLog audit;

  MemberController(SiteAccess access, Members members, DeployTokens tokens, AuditLog audit) {
    this.access = access;
    this.members = members;
    this.tokens = tokens;
    this.audit = audit;
  }

  /** Lists the members, by sub. */
  @Get("/members")
  @Operation(operationId = "listMembers")
  Member.MemberPage members(
      @Parameter(hidden = true) Caller caller,
      String site,
      @QueryValue(defaultValue = Paging.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor) {
    access.requireEvenDeleted(caller, site, Action.READ);
    return members.list(site, Paging.limit(limit), cursor);
  }

  /** Gives a role to a person. 201 when they were no member before. */
  @Put("/members/{sub}")
  @ApiResponse(responseCode = "201", description = "New member")
  @ApiResponse(responseCode = "204", description = "Was a member")
  @Produces("*/*") // nothing, whatever the caller accepts
  @Operation(operationId = "putMember")
  HttpResponse<Void> putMember(
      @Parameter(hidden = true) Caller caller,
      String site,
      String sub,
      @Valid @Body Member.Request member) {
    access.require(caller, site, Action.MANAGE);
    boolean created = members.put(caller, site, sub, member.role());
    return created ? HttpResponse.created((Void) null) : HttpResponse.noContent();
  }

  /** Ends a membership. Members may leave by themselves; the last owner may not. */
  @Delete("/members/{sub}")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*") // nothing, whatever the caller accepts
  @Operation(operationId = "deleteMember")
  void removeMember(@Parameter(hidden = true) Caller caller, String site, String sub) {
    boolean leaving = caller instanceof Caller.Person person && person.id().equals(sub);
    access.require(caller, site, leaving ? Action.READ : Action.MANAGE);
    members.remove(caller, site, sub);
  }

  /** Makes a deploy token. The answer is the only place where it is ever shown. */
  @Post("/tokens")
  @Status(HttpStatus.CREATED)
  @Operation(operationId = "createToken")
  DeployToken createToken(
      @Parameter(hidden = true) Caller caller,
      String site,
      @Valid @Body DeployToken.Request token) {
    access.require(caller, site, Action.MANAGE);
    return tokens.create(caller, site, token);
  }

  /** Lists deploy tokens with their last use. */
  @Get("/tokens")
  @Operation(operationId = "listTokens")
  DeployToken.TokenPage tokens(
      @Parameter(hidden = true) Caller caller,
      String site,
      @QueryValue(defaultValue = Paging.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor) {
    access.requireEvenDeleted(caller, site, Action.MANAGE);
    return tokens.list(site, Paging.limit(limit), cursor);
  }

  /** Revokes a deploy token at once. */
  @Delete("/tokens/{id}")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*") // nothing, whatever the caller accepts
  @Operation(operationId = "deleteToken")
  void revokeToken(@Parameter(hidden = true) Caller caller, String site, String id) {
    access.requireEvenDeleted(caller, site, Action.MANAGE);
    tokens.revoke(caller, site, id);
  }

  /** Lists what was changed, newest first. */
  @Get("/audit")
  @Operation(operationId = "listAudit")
  AuditLog.EntryPage audit(
      @Parameter(hidden = true) Caller caller,
      String site,
      @QueryValue(defaultValue = Paging.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor) {
    access.requireEvenDeleted(caller, site, Action.MANAGE);
    return audit.list(site, Paging.limit(limit), cursor);
  }
}
