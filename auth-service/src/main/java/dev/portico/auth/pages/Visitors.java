package dev.portico.auth.pages;

import dev.portico.auth.audit.AuditLog;
import dev.portico.auth.error.Problem;
import dev.portico.auth.hosted.HostedLogin;
import dev.portico.auth.session.Tokens;
import dev.portico.auth.signin.SignInCookie;
import dev.portico.auth.signin.SignIns;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Knows who is signed in, lets them in to what is theirs, and begins and ends it. */
@Singleton
final class Visitors {
  private static final int NOT_PROVEN = 401;

  private final SignIns signIns;
  private final Pages pages;
  private final AuditLog audit;
  private final Clock clock;
  private final @Nullable HostedLogin hosted;

  Visitors(
      SignIns signIns, Pages pages, AuditLog audit, Clock clock, @Nullable HostedLogin hosted) {
    this.signIns = signIns;
    this.pages = pages;
    this.audit = audit;
    this.clock = clock;
    this.hosted = hosted;
  }

  /** Who has sent this request, if they are signed in. */
  Optional<Visitor> of(HttpRequest<?> request) {
    return SignInCookie.of(request).flatMap(signIns::find).map(Visitor::of);
  }

  /** Shows or does what is for those signed in only; leads others to sign-in. */
  MutableHttpResponse<String> signedIn(
      HttpRequest<?> request, Function<Visitor, MutableHttpResponse<String>> action) {
    Optional<Visitor> visitor = of(request);
    if (visitor.isEmpty()) {
      return pages.goToSignIn(request, null);
    }
    try {
      return action.apply(visitor.get());
    } catch (Problem problem) {
      if (problem.status() != NOT_PROVEN) {
        throw problem;
      }
      // Ended past this service: the pool knows, and now we do.
      signIns.end(visitor.get().signIn());
      return over(pages.goToSignIn(request, null));
    }
  }

  /**
   * The same for what only somebody may do who has signed in a short time ago, since it could lock
   * the owner out.
   */
  MutableHttpResponse<String> freshlySignedIn(
      HttpRequest<?> request, Function<Visitor, MutableHttpResponse<String>> action) {
    return signedIn(
        request,
        visitor ->
            visitor.isFresh(clock.instant())
                ? action.apply(visitor)
                : pages.goToSignIn(request, Step.named(visitor.name()).noting("notice.fresh")));
  }

  /**
   * What the pool knows of a visitor.
   *
   * @throws Problem 401 if it knows nothing any more
   */
  <T> T required(Optional<T> found) {
    return found.orElseThrow(() -> Problem.tokenRefused("revoked: the session was ended"));
  }

  /** Ends a sign-in with this answer; if wanted, all of the account's. */
  MutableHttpResponse<String> end(
      HttpRequest<?> request,
      Visitor visitor,
      MutableHttpResponse<String> response,
      boolean everywhere) {
    if (everywhere) {
      signIns.endAll(visitor.signIn());
    } else {
      signIns.end(visitor.signIn());
    }
    audit.own(everywhere ? "sign-out.everywhere" : "sign-out", visitor.caller(), request);
    return over(response);
  }

  /**
   * Has the browser forget a sign-in that is over. Not yet where it may still be logged in at the
   * hosted login: by its cookie the sign-in page knows that it must ask there.
   */
  private MutableHttpResponse<String> over(MutableHttpResponse<String> response) {
    return hosted == null ? response.cookie(SignInCookie.none()) : response;
  }

  /** Has the browser forget what it was signed in by, unless it is. */
  MutableHttpResponse<String> forget(HttpRequest<?> request, MutableHttpResponse<String> response) {
    return of(request).isPresent() ? response : response.cookie(SignInCookie.none());
  }

  /** Begins a sign-in with this answer, in place of the one that the browser had. */
  MutableHttpResponse<String> begin(
      HttpRequest<?> request, MutableHttpResponse<String> response, Tokens tokens) {
    // Else its sessions at sites would go on where no sign-out reaches them.
    SignInCookie.of(request).flatMap(signIns::find).ifPresent(signIns::end);
    return response.cookie(SignInCookie.of(signIns.begin(tokens)));
  }
}
