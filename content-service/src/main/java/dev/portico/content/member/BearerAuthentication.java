package dev.portico.content.member;

import dev.portico.content.error.Problem;
import dev.portico.content.error.RequestId;
import dev.portico.content.member.pool.AccessTokens;
import io.micronaut.http.HttpRequest;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.filters.AuthenticationFetcher;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Turns {@code Authorization: Bearer} into a {@link Caller}: an access token of the pool (signature
 * checked against its JWKS) or a deploy token. A token that is refused leaves its reason for the
 * challenge of the 401.
 */
@Singleton
final class BearerAuthentication implements AuthenticationFetcher<HttpRequest<?>> {
  static final String CALLER = "caller";

  private static final String REASON = "dev.portico.refusal";
  private static final String SCHEME = "Bearer ";

  private final AccessTokens accessTokens;
  private final DeployTokens deployTokens;
  private final Scheduler scheduler;

  BearerAuthentication(
      AccessTokens accessTokens,
      DeployTokens deployTokens,
      @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
    this.accessTokens = accessTokens;
    this.deployTokens = deployTokens;
    this.scheduler = Schedulers.fromExecutorService(blocking);
  }

  /** Why this request's token was refused, if it had one. */
  static Optional<String> refusal(HttpRequest<?> request) {
    return request.getAttribute(REASON, String.class);
  }

  @Override
  public Publisher<Authentication> fetchAuthentication(HttpRequest<?> request) {
    String authorization = request.getHeaders().get("Authorization");
    // Another scheme is no token that could be refused (RFC 6750 section 3.1).
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        || request.getPath().startsWith("/internal/")) {
      return Mono.empty();
    }
    String token = authorization.substring(SCHEME.length()).strip();
    return token.startsWith(DeployTokens.PREFIX)
        ? deployToken(request, token)
        : accessToken(request, token);
  }

  private Publisher<Authentication> deployToken(HttpRequest<?> request, String token) {
    String requestId = RequestId.of(request);
    String address = ClientAddress.of(request);
    return Mono.fromCallable(() -> deployTokens.verify(token, requestId, address))
        .subscribeOn(scheduler)
        .flatMap(
            verified ->
                switch (verified) {
                  case DeployTokens.Verified.Valid valid ->
                      Mono.just(authentication(valid.caller()));
                  case DeployTokens.Verified.Invalid invalid -> refuse(request, invalid.reason());
                });
  }

  private Publisher<Authentication> accessToken(HttpRequest<?> request, String token) {
    return Mono.fromCallable(() -> accessTokens.verify(token))
        .subscribeOn(scheduler)
        .flatMap(
            result ->
                switch (result) {
                  case AccessTokens.Result.Accepted accepted ->
                      Mono.just(authentication(person(request, accepted)));
                  case AccessTokens.Result.Refused refused -> refuse(request, refused.reason());
                  case AccessTokens.Result.Machine machine ->
                      Mono.error(
                          Problem.of(
                              403,
                              "machine-token",
                              "A person's access token, or a deploy token, is needed",
                              "A token by client_credentials is of no member of a site. Programs"
                                  + " use deploy tokens here."));
                  case AccessTokens.Result.Unknown unknown ->
                      Mono.error(
                          Problem.unavailable(
                              "The user pool's keys cannot be fetched, or it is not known which"
                                  + " tokens were revoked, so no token can be verified."));
                });
  }

  private static Caller.Person person(
      HttpRequest<?> request, AccessTokens.Result.Accepted accepted) {
    return new Caller.Person(
        accepted.sub(),
        accepted.username(),
        accepted.groups(),
        RequestId.of(request),
        ClientAddress.of(request));
  }

  private static Authentication authentication(Caller caller) {
    return Authentication.build(caller.id(), Map.of(CALLER, caller));
  }

  private static Mono<Authentication> refuse(HttpRequest<?> request, String reason) {
    request.setAttribute(REASON, reason);
    return Mono.empty();
  }
}
