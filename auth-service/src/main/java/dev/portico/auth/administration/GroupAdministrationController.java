package dev.portico.auth.administration;

import dev.portico.auth.audit.AuditLog;
import dev.portico.auth.revocation.Revocations;
import dev.portico.auth.token.PlatformGroups;
import io.micronaut.http.HttpRequest;
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
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;

/** The groups of the pool, and who is in them. */
@Controller("/v1/auth/groups")
@Secured(PlatformGroups.ADMINS)
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "administration")
class GroupAdministrationController {
  private static final String LIST = "groups";

  private final GroupAdministration groups;
  private final GroupDeletion deletion;
  private final UserAdministration users;
  private final Administrators administrators;
  private final Revocations revocations;
  private final AuditLog audit;

  GroupAdministrationController(
      GroupAdministration groups,
      GroupDeletion deletion,
      UserAdministration users,
      Administrators administrators,
      Revocations revocations,
      AuditLog audit) {
    this.groups = groups;
    this.deletion = deletion;
    this.users = users;
    this.administrators = administrators;
    this.revocations = revocations;
    this.audit = audit;
  }

  /** Lists groups. */
  @Get
  @Operation(
      operationId = "listGroups",
      summary = "List groups",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "200", description = "A page")
  @ForAdministrators
  Group.Page list(
      Authentication caller,
      @QueryValue(defaultValue = Cursor.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor) {
    administrators.require(caller);
    var page =
        groups.list(Cursor.limit(limit), Cursor.decode(LIST, cursor)).orElseThrow(Cursor::invalid);
    return new Group.Page(page.items(), Cursor.encode(LIST, page.token()));
  }

  /** Makes a group. */
  @Post
  @Operation(
      operationId = "createGroup",
      summary = "Make a group",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(
      responseCode = "201",
      description = "The group",
      content =
          @Content(mediaType = "application/json", schema = @Schema(implementation = Group.class)))
  @ForAdministrators
  HttpResponse<Group> create(
      @Body @Valid Group group,
      Authentication caller,
      @Parameter(hidden = true) HttpRequest<?> http) {
    String by = administrators.requireToChange(caller);
    AdministrationAnswers.requireDone(groups.create(group), "name");
    audit.write("group.create", by, http, null, group.name());
    return HttpResponse.created(group);
  }

  /** Shows a group. */
  @Get("/{group}")
  @Operation(
      operationId = "getGroup",
      summary = "Show a group",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "200", description = "The group")
  @ForAdministrators
  Group get(String group, Authentication caller) {
    administrators.require(caller);
    return groups.find(group).orElseThrow(AdministrationAnswers::missing);
  }

  /** Deletes a group. */
  @Delete("/{group}")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*") // nothing, whatever the caller accepts
  @Operation(
      operationId = "deleteGroup",
      summary = "Delete a group, not its members, and end their sessions",
      description =
          "The group admins cannot be deleted, nor one with more members than sessions are ended of"
              + " at once.",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "204", description = "Deleted")
  @ForAdministrators
  void delete(String group, Authentication caller, @Parameter(hidden = true) HttpRequest<?> http) {
    String by = administrators.requireToChange(caller);
    AdministrationAnswers.requireNotAdmins(group);
    deletion.delete(group, by, http);
  }

  /** Lists members. */
  @Get("/{group}/members")
  @Operation(
      operationId = "listGroupMembers",
      summary = "List the members of a group",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "200", description = "A page")
  @ForAdministrators
  User.Page members(
      String group,
      Authentication caller,
      @QueryValue(defaultValue = Cursor.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor) {
    administrators.require(caller);
    String list = "members:" + group;
    String token = Cursor.decode(list, cursor);
    if (groups.find(group).isEmpty()) {
      throw AdministrationAnswers.missing();
    }
    var page = groups.members(group, Cursor.limit(limit), token).orElseThrow(Cursor::invalid);
    return new User.Page(page.items(), Cursor.encode(list, page.token()));
  }

  /** Makes an account a member. */
  @Put("/{group}/members/{username}")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*")
  @Operation(
      operationId = "addGroupMember",
      summary = "Make an account a member",
      description = "Tokens made from then on name the group.",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "204", description = "A member, as before or from now on")
  @ForAdministrators
  void add(
      String group,
      String username,
      Authentication caller,
      @Parameter(hidden = true) HttpRequest<?> http) {
    String by = administrators.requireToChange(caller);
    User user = administrators.find(username);
    AdministrationAnswers.requireDone(groups.add(group, user.username()), "group");
    audit.write("group.add", by, http, user.sub(), group);
  }

  /** Ends a membership. */
  @Delete("/{group}/members/{username}")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*")
  @Operation(
      operationId = "removeGroupMember",
      summary = "End a membership, and the sessions by which it lasts",
      description = "Nobody leaves the group admins by their own doing.",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "204", description = "No member")
  @ForAdministrators
  void remove(
      String group,
      String username,
      Authentication caller,
      @Parameter(hidden = true) HttpRequest<?> http) {
    String by = administrators.requireToChange(caller);
    User user = administrators.find(username);
    if (group.equals(PlatformGroups.ADMINS)) {
      AdministrationAnswers.requireOther(by, user);
    }
    if (groups.find(group).isEmpty()) {
      throw AdministrationAnswers.missing(); // before anything is ended
    }
    // Tokens say which groups their owner is in for as long as they are refreshed.
    revocations.endAll(
        user.sub(),
        () -> {
          AdministrationAnswers.requireDone(groups.remove(group, user.username()), "group");
          audit.write("group.remove", by, http, user.sub(), group);
          AdministrationAnswers.requireDone(users.signOut(user.username()), "username");
        });
  }
}
