package dev.portico.content.member;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;

/**
 * Keeps what is answered to a token out of caches, unless it says itself what they may do: it is
 * for one caller, and may hold a secret that is shown once.
 */
@ServerFilter("/v1/**")
final class PrivateAnswers {
  @ResponseFilter
  void end(HttpRequest<?> request, MutableHttpResponse<?> response) {
    if (request.getUserPrincipal().isPresent()
        && !response.getHeaders().contains(HttpHeaders.CACHE_CONTROL)) {
      response.header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
  }
}
