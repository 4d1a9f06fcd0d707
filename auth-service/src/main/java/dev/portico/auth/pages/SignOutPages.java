package dev.portico.auth.pages;

import dev.portico.auth.hosted.HostedLogin;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Signing out, in this browser or everywhere. */
@Hidden
@Controller
@Secured(SecurityRule.IS_ANONYMOUS) // by the cookie, not by a token
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces("*/*") // the pages say themselves what they are
class SignOutPages {
  private static final String DONE = "/signed-out";

  private final Visitors visitors;
  private final FormGuard guard;
  private final Pages pages;
  private final @Nullable HostedLogin hosted;

  SignOutPages(Visitors visitors, FormGuard guard, Pages pages, @Nullable HostedLogin hosted) {
    this.visitors = visitors;
    this.guard = guard;
    this.pages = pages;
    this.hosted = hosted;
  }

  @Get("/sign-out")
  MutableHttpResponse<String> form(HttpRequest<?> request) {
    return visitors
        .of(request)
        .map(visitor -> pages.show(request, view(visitor)))
        .orElseGet(() -> done(request));
  }

  @Post("/sign-out")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  MutableHttpResponse<String> signOut(HttpRequest<?> request, @Body String body) {
    Form form = guard.open(request, body);
    Optional<Visitor> visitor = visitors.of(request);
    boolean everywhere = form.ticked(Field.EVERYWHERE);
    if (visitor.isEmpty()) {
      // Over already here; of other devices nobody knows whose they would be.
      return everywhere
          ? pages.go(request, "/sign-in", Step.noticed("notice.again"))
          : done(request);
    }
    return visitors.end(request, visitor.get(), done(request), everywhere);
  }

  /** Leads on, over the hosted login where there is one: else its cookie would sign in again. */
  private MutableHttpResponse<String> done(HttpRequest<?> request) {
    return hosted == null ? pages.go(request, DONE, null) : pages.lead(request, hosted.signOut());
  }

  @Get(DONE)
  MutableHttpResponse<String> signedOut(HttpRequest<?> request) {
    // Now that the hosted login's cookie is gone, too.
    return visitors.forget(
        request, pages.show(request, View.of("signed-out").link("/sign-in", "signed-out.sign-in")));
  }

  private static View view(Visitor visitor) {
    return View.form("sign-out", "/sign-out")
        .about(visitor.name())
        .field(Field.box(Field.EVERYWHERE))
        .link("/account", "sign-out.account");
  }
}
