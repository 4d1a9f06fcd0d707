package dev.portico.auth.pages;

import dev.portico.auth.audit.AuditLog;
import dev.portico.auth.limit.RequestLimits;
import dev.portico.auth.revocation.Revocations;
import dev.portico.auth.session.ChallengeKind;
import dev.portico.auth.signin.SignInCookie;
import dev.portico.auth.token.PlatformGroups;
import dev.portico.auth.user.ProfileDirectory;
import dev.portico.auth.user.ProfileOutcome;
import dev.portico.auth.user.UserDirectory;
import dev.portico.auth.user.UserProfile;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Hidden;

/** One's own account: what there is of it, its password, its end. */
@Hidden
@Controller
@Secured(SecurityRule.IS_ANONYMOUS) // by the cookie, not by a token
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces("*/*") // the pages say themselves what they are
class AccountPages {
  private final Visitors visitors;
  private final UserDirectory users;
  private final ProfileDirectory profiles;
  private final Revocations revocations;
  private final RequestLimits limits;
  private final AuditLog audit;
  private final FormGuard guard;
  private final Pages pages;

  AccountPages(
      Visitors visitors,
      UserDirectory users,
      ProfileDirectory profiles,
      Revocations revocations,
      RequestLimits limits,
      AuditLog audit,
      FormGuard guard,
      Pages pages) {
    this.visitors = visitors;
    this.users = users;
    this.profiles = profiles;
    this.revocations = revocations;
    this.limits = limits;
    this.audit = audit;
    this.guard = guard;
    this.pages = pages;
  }

  @Get("/account")
  MutableHttpResponse<String> account(HttpRequest<?> request) {
    return visitors.signedIn(
        request,
        visitor ->
            pages.show(
                request,
                View.of("account")
                    .profile(
                        profile(visitor, visitors.required(users.find(visitor.accessToken()))))));
  }

  private static View.Profile profile(Visitor visitor, UserProfile account) {
    var attributes = account.attributes();
    return new View.Profile(
        attributes.getOrDefault("email", ""),
        Boolean.parseBoolean(attributes.get("email_verified")),
        attributes.getOrDefault("name", ""),
        visitor.profile().groups(),
        account.factors().contains(ChallengeKind.SOFTWARE_TOKEN_MFA.name()));
  }

  /** Where password managers look (W3C, A Well-Known URL for Changing Passwords). */
  @Get("/.well-known/change-password")
  MutableHttpResponse<String> wellKnown(HttpRequest<?> request) {
    return pages.go(request, "/account/password", null);
  }

  @Get("/account/password")
  MutableHttpResponse<String> passwordForm(HttpRequest<?> request) {
    return visitors.signedIn(request, visitor -> pages.show(request, passwordView(visitor)));
  }

  @Post("/account/password")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  MutableHttpResponse<String> changePassword(HttpRequest<?> request, @Body String body) {
    Form form = guard.open(request, body);
    return visitors.signedIn(
        request,
        visitor -> {
          View view = passwordView(visitor);
          return pages.submit(
              request,
              view,
              new Faults(form).password(Field.CURRENT_PASSWORD).newPassword(),
              () -> changePassword(request, visitor, view, form));
        });
  }

  private MutableHttpResponse<String> changePassword(
      HttpRequest<?> request, Visitor visitor, View view, Form form) {
    limits.attempt(request, visitor.caller());
    ProfileOutcome outcome =
        profiles.changePassword(
            visitor.accessToken(),
            form.typed(Field.CURRENT_PASSWORD),
            form.typed(Field.NEW_PASSWORD));
    if (outcome instanceof ProfileOutcome.Done) {
      audit.own("me.change-password", visitor.caller(), request);
      return pages.go(request, "/account", Step.noticed("notice.password-changed"));
    }
    return pages.refuse(request, view, ProfileFaults.of(outcome, Field.NEW_PASSWORD));
  }

  @Get("/account/delete")
  MutableHttpResponse<String> deleteForm(HttpRequest<?> request) {
    return visitors.freshlySignedIn(request, visitor -> pages.show(request, deleteView(visitor)));
  }

  @Post("/account/delete")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  MutableHttpResponse<String> delete(HttpRequest<?> request, @Body String body) {
    Form form = guard.open(request, body);
    return visitors.freshlySignedIn(
        request,
        visitor ->
            pages.submit(
                request,
                deleteView(visitor),
                new Faults(form).ticked(Field.UNDERSTOOD),
                () -> delete(request, visitor)));
  }

  private MutableHttpResponse<String> delete(HttpRequest<?> request, Visitor visitor) {
    if (visitor.profile().groups().contains(PlatformGroups.ADMINS)) {
      return pages.show(request, View.of("own-account").link("/account", "back"), 409);
    }
    revocations.endAll(visitor.signIn().subject(), () -> profiles.delete(visitor.accessToken()));
    audit.own("me.delete", visitor.caller(), request);
    return pages.go(request, "/deleted", null).cookie(SignInCookie.none());
  }

  @Get("/deleted")
  MutableHttpResponse<String> deleted(HttpRequest<?> request) {
    return pages.show(request, View.of("deleted"));
  }

  private static View passwordView(Visitor visitor) {
    return View.form("account-password", "/account/password")
        .field(Field.account(visitor.name()))
        .field(Field.password(Field.CURRENT_PASSWORD))
        .field(Field.newPassword())
        .link("/account", "back");
  }

  private static View deleteView(Visitor visitor) {
    return View.form("account-delete", "/account/delete")
        .about(visitor.name())
        .field(Field.box(Field.UNDERSTOOD))
        .grave()
        .link("/account", "back");
  }
}
