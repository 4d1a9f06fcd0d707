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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The accounts of the pool. {@code username} is the user name, the address or the sub. */
@Controller("/v1/auth/users")
@Secured(PlatformGroups.ADMINS)
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "administration")
class UserAdministrationController {
  private final UserAdministration users;
  private final Administrators administrators;
  private final Revocations revocations;
  private final AuditLog audit;

  UserAdministrationController(
      UserAdministration users,
      Administrators administrators,
      Revocations revocations,
      AuditLog audit) {
    this.users = users;
    this.administrators = administrators;
    this.revocations = revocations;
    this.audit = audit;
  }

  /** Lists accounts. */
  @Get
  @Operation(
      operationId = "listUsers",
      summary = "List accounts, or search them by the beginning of their address",
      description = "A page may hold fewer than asked for, or none, and have a next one.",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "200", description = "A page")
  @ForAdministrators
  User.Page list(
      Authentication caller,
      @QueryValue(defaultValue = Cursor.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor,
      @Nullable @QueryValue String search) {
    administrators.require(caller);
    String prefix = search == null || search.isBlank() ? null : search.strip();
    String list = "users:" + (prefix == null ? "" : prefix);
    var page =
        users
            .list(prefix, Cursor.limit(limit), Cursor.decode(list, cursor))
            .orElseThrow(Cursor::invalid);
    return new User.Page(page.items(), Cursor.encode(list, page.token()));
  }

  /** Makes an account. */
  @Post
  @Operation(
      operationId = "createUser",
      summary = "Make an account with a temporary password",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(
      responseCode = "201",
      description = "The account",
      content =
          @Content(mediaType = "application/json", schema = @Schema(implementation = User.class)))
  @ForAdministrators
  HttpResponse<User> create(
      @Body @Valid UserRequests.Create request,
      Authentication caller,
      @Parameter(hidden = true) HttpRequest<?> http) {
    String by = administrators.requireToChange(caller);
    User made = AdministrationAnswers.requireMade(users.create(request.user()));
    audit.write("user.create", by, http, made.sub(), null);
    return HttpResponse.created(made);
  }

  /** Shows an account. */
  @Get("/{username}")
  @Operation(
      operationId = "getUser",
      summary = "Show an account with its groups",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "200", description = "The account")
  @ForAdministrators
  User get(String username, Authentication caller) {
    administrators.require(caller);
    User user = administrators.find(username);
    return user.in(users.groupsOf(user.username()));
  }

  /** Deletes an account. */
  @Delete("/{username}")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*") // nothing, whatever the caller accepts
  @Operation(
      operationId = "deleteUser",
      summary = "Delete an account",
      description = "At once, for good, with all its sessions. Not one's own.",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "204", description = "Deleted")
  @ForAdministrators
  void delete(
      String username, Authentication caller, @Parameter(hidden = true) HttpRequest<?> http) {
    String by = administrators.requireToChange(caller);
    User user = another(by, username);
    revocations.endAll(user.sub(), () -> done("user.delete", by, user, users::delete, http));
  }

  /** Has nobody sign in to an account. */
  @Post("/{username}/disable")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*")
  @Operation(
      operationId = "disableUser",
      summary = "Let nobody sign in to an account, and end its sessions",
      description = "Not one's own.",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "204", description = "Disabled")
  @ForAdministrators
  void disable(
      String username, Authentication caller, @Parameter(hidden = true) HttpRequest<?> http) {
    String by = administrators.requireToChange(caller);
    User user = another(by, username);
    revocations.endAll(
        user.sub(),
        () -> {
          done("user.disable", by, user, users::disable, http);
          endSessions(user);
        });
  }

  /** Lets an account sign in again. */
  @Post("/{username}/enable")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*")
  @Operation(
      operationId = "enableUser",
      summary = "Let an account sign in again",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "204", description = "Enabled")
  @ForAdministrators
  void enable(
      String username, Authentication caller, @Parameter(hidden = true) HttpRequest<?> http) {
    change("user.enable", username, users::enable, caller, http);
  }

  /** Has a password chosen anew. */
  @Post("/{username}/reset-password")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*")
  @Operation(
      operationId = "resetUserPassword",
      summary = "Have a password chosen anew by a code that is sent, and end the sessions",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "204", description = "The code is sent")
  @ForAdministrators
  void resetPassword(
      String username, Authentication caller, @Parameter(hidden = true) HttpRequest<?> http) {
    String by = administrators.requireToChange(caller);
    User user = administrators.find(username);
    revocations.endAll(
        user.sub(),
        () -> {
          done("user.reset-password", by, user, users::resetPassword, http);
          endSessions(user);
        });
  }

  /** Sends the invitation again. */
  @Post("/{username}/invite")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*")
  @Operation(
      operationId = "inviteUser",
      summary = "Send the invitation again, with another temporary password",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "204", description = "Sent")
  @ForAdministrators
  void invite(
      String username, Authentication caller, @Parameter(hidden = true) HttpRequest<?> http) {
    change("user.invite", username, users::inviteAgain, caller, http);
  }

  /** Ends all sessions of an account. */
  @Post("/{username}/sign-out")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*")
  @Operation(
      operationId = "signOutUser",
      summary = "End all sessions of an account",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "204", description = "Ended")
  @ForAdministrators
  void signOut(
      String username, Authentication caller, @Parameter(hidden = true) HttpRequest<?> http) {
    String by = administrators.requireToChange(caller);
    User user = administrators.find(username);
    revocations.endAll(user.sub(), () -> done("user.sign-out", by, user, users::signOut, http));
  }

  /** After the line is written: what was done is done, though this may fail. */
  private void endSessions(User user) {
    AdministrationAnswers.requireDone(users.signOut(user.username()), "username");
  }

  private User another(String by, String username) {
    User user = administrators.find(username);
    AdministrationAnswers.requireOther(by, user);
    return user;
  }

  private void change(
      String what,
      String username,
      Function<String, AdministrationOutcome> order,
      Authentication caller,
      HttpRequest<?> http) {
    String by = administrators.requireToChange(caller);
    User user = administrators.find(username);
    done(what, by, user, order, http);
  }

  private void done(
      String what,
      String by,
      User user,
      Function<String, AdministrationOutcome> order,
      HttpRequest<?> http) {
    AdministrationAnswers.requireDone(order.apply(user.username()), "username");
    audit.write(what, by, http, user.sub(), null);
  }
}
