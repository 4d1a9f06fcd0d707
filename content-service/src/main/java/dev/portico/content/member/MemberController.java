package dev.portico.content.member;

import dev.portico.content.conditional.IfMatch;
import dev.portico.content.conditional.Tagged;
import dev.portico.content.error.ProblemResponses;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
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

  /** Shows a member. */
  @Get("/members/{sub}")
  @Tagged
  @Operation(operationId = "getMember")
  HttpResponse<Member> member(@Parameter(hidden = true) Caller caller, String site, String sub) {
    access.requireEvenDeleted(caller, site, Action.READ);
    Member member = members.get(site, sub);
    return HttpResponse.ok(member).header(HttpHeaders.ETAG, member.tag());
  }

  /**
   * Gives a role to a person. 201 when they were no member before. With If-Match only if they are
   * what this ETag says.
   */
  @Put("/members/{sub}")
  @Status(HttpStatus.NO_CONTENT) // or 201
  @MemberGiven
  @Produces("*/*") // nothing, whatever the caller accepts
  @Operation(operationId = "putMember")
  HttpResponse<Void> putMember(
      @Parameter(hidden = true) Caller caller,
      String site,
      String sub,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch,
      @Valid @Body Member.Request member) {
    access.require(caller, site, Action.MANAGE);
    Members.Given given = members.put(caller, site, sub, member.role(), IfMatch.of(ifMatch));
    return HttpResponse.<Void>status(given.created() ? HttpStatus.CREATED : HttpStatus.NO_CONTENT)
        .header(HttpHeaders.ETAG, given.member().tag());
  }

  /** Ends a membership. Members may leave by themselves; the last owner may not. */
  @Delete("/members/{sub}")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*") // nothing, whatever the caller accepts
  @Operation(operationId = "deleteMember")
  void removeMember(
      @Parameter(hidden = true) Caller caller,
      String site,
      String sub,
      @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch) {
    boolean leaving = caller instanceof Caller.Person person && person.id().equals(sub);
    access.require(caller, site, leaving ? Action.READ : Action.MANAGE);
    members.remove(caller, site, sub, IfMatch.of(ifMatch));
  }

  /**
   * Makes a deploy token. The answer is the only place where it is ever shown. A repeat with the
   * same Idempotency-Key and body within 24 hours makes no other, and answers the same without the
   * token itself; with another body it is refused (422).
   */
  @Post("/tokens")
  @Status(HttpStatus.CREATED)
  @TokenCreated
  @Operation(operationId = "createToken")
  HttpResponse<DeployToken> createToken(
      @Parameter(hidden = true) Caller caller,
      String site,
      @Parameter(
              description =
                  "What the caller knows this request by, such as a UUID: 1 to 255 printable ASCII"
                      + " characters, in quotes or without")
          @Nullable
          @Header(IdempotencyKey.HEADER)
          String idempotencyKey,
      @Valid @Body DeployToken.Request token) {
    access.require(caller, site, Action.MANAGE);
    DeployTokens.Made made =
        tokens.create(
            caller, site, token, IdempotencyKey.of(idempotencyKey, caller, "token.create"));
    var response = HttpResponse.<DeployToken>status(HttpStatus.CREATED).body(made.token());
    return made.replayed() ? response.header(TokenCreated.REPLAYED, "true") : response;
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
