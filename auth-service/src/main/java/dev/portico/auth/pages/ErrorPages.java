package dev.portico.auth.pages;

import dev.portico.auth.error.ProblemBody;
import dev.portico.auth.error.RequestId;
import dev.portico.auth.hosted.HostedLogin;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.Set;

/**
 * Shows people a page where programs get problem details: what fails outside the API is told to
 * browsers in their language.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class ErrorPages {
  private static final Set<Integer> TEXTS = Set.of(400, 403, 404, 405, 413, 429, 500, 503);

  private final Pages pages;

  ErrorPages(Pages pages) {
    this.pages = pages;
  }

  @ResponseFilter
  void show(HttpRequest<?> request, MutableHttpResponse<?> response) {
    if (response.getBody().orElse(null) instanceof ProblemBody problem && isForPeople(request)) {
      View view =
          View.of("error-" + text(problem)).about(RequestId.of(request)).link("/", "error.start");
      if (isOfHostedLogin(problem)) {
        view.link("/sign-out", "error-hosted.sign-out");
      }
      MutableHttpResponse<String> page = pages.show(request, view, problem.status());
      page.getHeaders().forEach((name, values) -> response.getHeaders().remove(name));
      page.getHeaders()
          .forEach((name, values) -> values.forEach(value -> response.header(name, value)));
      response.body(page.body());
    }
  }

  /** Which text; of a status that has none of its own, that of its kind. */
  private static String text(ProblemBody problem) {
    if (problem.type().endsWith("/authorization-request")) {
      return "request";
    }
    if (isOfHostedLogin(problem)) {
      return "hosted";
    }
    int status = problem.status();
    int kind = status < 500 ? 400 : 500;
    return String.valueOf(TEXTS.contains(status) ? status : kind);
  }

  private static boolean isOfHostedLogin(ProblemBody problem) {
    return problem.type().endsWith('/' + HostedLogin.PROBLEM);
  }

  private static boolean isForPeople(HttpRequest<?> request) {
    String path = request.getPath();
    String accept = request.getHeaders().get("Accept");
    return !path.startsWith("/v1/")
        && !path.startsWith("/internal/")
        && accept != null
        && accept.contains("text/html");
  }
}
