package dev.portico.auth.error;

import io.micronaut.context.annotation.Replaces;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.security.authentication.AuthorizationException;
import io.micronaut.security.authentication.DefaultAuthorizationExceptionHandler;
import jakarta.inject.Singleton;

/**
 * Answers requests that the security rules reject. Whoever verified the token has left why it was
 * refused at the request; without that, there was no token.
 */
@Singleton
@Replaces(DefaultAuthorizationExceptionHandler.class)
public final class SecurityRejections
    implements ExceptionHandler<AuthorizationException, MutableHttpResponse<?>> {
  private static final String ATTRIBUTE = "dev.portico.token-problem";

  /** Keeps why the token of this request was not accepted, in case one is needed. */
  public static void remember(HttpRequest<?> request, Problem problem) {
    request.setAttribute(ATTRIBUTE, problem);
  }

  @Override
  @SuppressWarnings("rawtypes") // the interface that is implemented says so
  public MutableHttpResponse<?> handle(HttpRequest request, AuthorizationException rejection) {
    HttpRequest<?> rejected = request;
    Problem problem =
        rejection.isForbidden()
            ? Problem.forbidden()
            : rejected.getAttribute(ATTRIBUTE, Problem.class).orElseGet(Problem::tokenMissing);
    return ProblemMapper.response(rejected, problem);
  }
}
