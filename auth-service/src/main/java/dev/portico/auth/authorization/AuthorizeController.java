package dev.portico.auth.authorization;

import dev.portico.auth.error.Problem;
import dev.portico.auth.host.AuthHostSettings;
import dev.portico.auth.signin.SignIn;
import dev.portico.auth.signin.SignInCookie;
import dev.portico.auth.signin.SignIns;
import dev.portico.auth.token.TokenSettings;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.uri.UriBuilder;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Hidden;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where browsers arrive from sites. Who is signed in goes back with a code at once; who is not, to
 * the sign-in pages, which lead here again.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9126#section-4">RFC 9126 section 4</a>
 */
@Hidden
@Controller
@Secured(SecurityRule.IS_ANONYMOUS)
@ExecuteOn(TaskExecutors.BLOCKING)
class AuthorizeController {
  private final AuthorizationRequests requests;
  private final SignIns signIns;
  private final Codes codes;
  private final AuthHostSettings host;
  private final TokenSettings tokens;

  AuthorizeController(
      AuthorizationRequests requests,
      SignIns signIns,
      Codes codes,
      AuthHostSettings host,
      TokenSettings tokens) {
    this.requests = requests;
    this.signIns = signIns;
    this.codes = codes;
    this.host = host;
    this.tokens = tokens;
  }

  /** Sends the browser on. */
  @Get("/authorize")
  @Produces("*/*")
  HttpResponse<?> authorize(
      HttpRequest<?> http,
      @Nullable @QueryValue("client_id") String site,
      @Nullable @QueryValue("request_uri") String requestUri) {
    AuthorizationRequest request =
        Optional.ofNullable(requestUri)
            .flatMap(requests::open)
            .filter(found -> found.pushed().site().equals(site))
            .orElseThrow(AuthorizeController::unknown);
    Optional<SignIn> signIn =
        SignInCookie.of(http).flatMap(signIns::find).filter(found -> satisfies(found, request));
    URI next =
        signIn
            .map(found -> request.success(codes.issue(request, found.id()), host.url()))
            .orElseGet(() -> signInPage(String.valueOf(requestUri)));
    return HttpResponse.seeOther(next).header("Cache-Control", "no-store");
  }

  private boolean satisfies(SignIn signIn, AuthorizationRequest request) {
    return request.satisfiedBy(signIn.created(), signIn.authenticatedAt(), tokens.clockSkew());
  }

  private static URI signInPage(String requestUri) {
    return UriBuilder.of("/sign-in").queryParam("request_uri", requestUri).build();
  }

  private static Problem unknown() {
    return Problem.of(
        400,
        "authorization-request",
        "The sign-in cannot go on",
        "It was begun too long ago, or not by a site of this service. Go back to the site and try"
            + " again.");
  }
}
