package dev.portico.auth.sitesession;

import dev.portico.auth.audit.AuditLog;
import dev.portico.auth.error.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.validation.Valid;

/** Sessions at sites, on the internal port only (deploy/contracts/README.md). */
@Hidden
@Controller(value = "/internal/sessions", port = "${portico.internal-port}")
@Secured(SecurityRule.IS_ANONYMOUS)
@ExecuteOn(TaskExecutors.BLOCKING)
class SiteSessionController {
  private final SiteSessions sessions;
  private final AuditLog audit;
  private final MeterRegistry meters;

  SiteSessionController(SiteSessions sessions, AuditLog audit, MeterRegistry meters) {
    this.sessions = sessions;
    this.audit = audit;
    this.meters = meters;
  }

  /** Makes a session of a code. */
  @Post
  @Status(HttpStatus.CREATED)
  SiteSessionAnswer redeem(@Valid @Body SiteSessionRequests.Redeem request, HttpRequest<?> http) {
    var redemption =
        sessions.redeem(
            request.site(), request.redirectUri(), request.code(), request.codeVerifier());
    return switch (redemption) {
      case SiteSessions.Redemption.Done done -> {
        count("portico.auth.redemptions", "outcome", "done");
        SiteSessionAnswer answer = done.answer();
        audit.atSite(
            "session.begin",
            answer.identity() == null ? null : answer.identity().subject(),
            http,
            request.site());
        yield answer;
      }
      case SiteSessions.Redemption.Refused refused -> {
        count("portico.auth.redemptions", "outcome", "refused");
        audit.refusedAtSite("session.refused", http, request.site());
        throw invalidGrant();
      }
      case SiteSessions.Redemption.BroughtTwice twice -> {
        count("portico.auth.redemptions", "outcome", "brought-twice");
        audit.atSite(
            "session.code-brought-twice", twice.subject().orElse(null), http, request.site());
        throw invalidGrant();
      }
    };
  }

  /** Says who a session is of. */
  @Post("/query")
  SiteSessionAnswer query(@Valid @Body SiteSessionRequests.Query request) {
    SiteSessionAnswer answer = sessions.query(request.session(), request.site());
    count("portico.auth.session-queries", "state", answer.state());
    return answer;
  }

  /** Hands out the access token of a session, which a gateway shows to the API alone. */
  @Post("/access-token")
  AccessTokenAnswer accessToken(@Valid @Body SiteSessionRequests.Query request) {
    AccessTokenAnswer answer = sessions.accessToken(request.session(), request.site());
    count("portico.auth.session-tokens", "state", answer.state());
    return answer;
  }

  /** Ends a session with its sign-in, or all of the account's. */
  @Post("/end")
  @Status(HttpStatus.NO_CONTENT)
  @Produces("*/*") // nothing, whatever the caller accepts
  void end(@Valid @Body SiteSessionRequests.End request, HttpRequest<?> http) {
    boolean everywhere = Boolean.TRUE.equals(request.everywhere());
    sessions
        .end(request.session(), request.site(), everywhere)
        .ifPresent(
            subject ->
                audit.atSite(
                    everywhere ? "sign-out.everywhere" : "sign-out",
                    subject,
                    http,
                    request.site()));
  }

  private void count(String name, String tag, String value) {
    meters.counter(name, tag, value).increment();
  }

  private static Problem invalidGrant() {
    return Problem.of(
        400,
        "invalid-grant",
        "The code is not valid",
        "It is wrong, expired, used, or was made for another site or address.");
  }
}
