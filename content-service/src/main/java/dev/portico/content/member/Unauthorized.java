package dev.portico.content.member;

import dev.portico.content.error.Problem;
import dev.portico.content.error.ProblemBody;
import dev.portico.content.error.ProblemMapper;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.security.authentication.AuthorizationException;
import io.micronaut.security.authentication.DefaultAuthorizationExceptionHandler;
import jakarta.inject.Singleton;

/** Answers 401 with the reason in the challenge (RFC 6750 section 3), or 403. */
@Singleton
@Replaces(DefaultAuthorizationExceptionHandler.class)
final class Unauthorized
    implements ExceptionHandler<AuthorizationException, MutableHttpResponse<?>> {
  @Override
  @SuppressWarnings("rawtypes") // the interface that is implemented says so
  public MutableHttpResponse<ProblemBody> handle(
      HttpRequest request, AuthorizationException exception) {
    HttpRequest<?> typed = request;
    return ProblemMapper.response(typed, problem(typed, exception));
  }

  private static Problem problem(HttpRequest<?> request, AuthorizationException exception) {
    if (exception.isForbidden()) {
      return Problem.forbidden("You may not do this.");
    }
    return BearerAuthentication.refusal(request)
        .map(
            reason ->
                Problem.unauthorized(reason + ".")
                    .header(
                        "WWW-Authenticate",
                        "Bearer realm=\"portico\", error=\"invalid_token\", error_description=\""
                            + reason.replace('"', '\'')
                            + "\""))
        .orElseGet(
            () ->
                Problem.unauthorized("Send an access token as Authorization: Bearer.")
                    .header("WWW-Authenticate", "Bearer realm=\"portico\""));
  }
}
