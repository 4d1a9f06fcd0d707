package dev.portico.content.member;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.portico.content.error.Problem;
import dev.portico.content.error.RequestId;
import io.micronaut.http.HttpRequest;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.filters.AuthenticationFetcher;
import io.micronaut.security.token.jwt.signature.ReactiveSignatureConfiguration;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.text.ParseException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Turns {@code Authorization: Bearer} into a {@link Caller}: an access token of the pool (signature
 * checked by micronaut-security-jwt against its JWKS, then {@link AccessTokenRules}) or a deploy
 * token. A token that is refused leaves its reason for the challenge of the 401.
 */
@Singleton
final class BearerAuthentication implements AuthenticationFetcher<HttpRequest<?>> {
  static final String CALLER = "caller";

  private static final Logger LOG = LoggerFactory.getLogger(BearerAuthentication.class);
  private static final String REASON = "dev.portico.refusal";
  private static final String SCHEME = "Bearer ";

  private final List<ReactiveSignatureConfiguration<SignedJWT>> signatures;
  private final AccessTokenRules rules;
  private final DeployTokens deployTokens;
  private final ExecutorService executor;
  private final Clock clock;

  BearerAuthentication(
      List<ReactiveSignatureConfiguration<SignedJWT>> signatures,
      CognitoSettings settings,
      DeployTokens deployTokens,
      @Named(TaskExecutors.BLOCKING) ExecutorService executor,
      Clock clock) {
    this.signatures = signatures;
    this.rules = new AccessTokenRules(settings);
    this.deployTokens = deployTokens;
    this.executor = executor;
    this.clock = clock;
  }

  /** Why this request's token was refused, if it had one. */
  static Optional<String> refusal(HttpRequest<?> request) {
    return request.getAttribute(REASON, String.class);
  }

  @Override
  public Publisher<Authentication> fetchAuthentication(HttpRequest<?> request) {
    String authorization = request.getHeaders().get("Authorization");
    if (authorization == null || request.getPath().startsWith("/internal/")) {
      return Mono.empty();
    }
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return refuse(request, "The authorization scheme is not Bearer");
    }
    String token = authorization.substring(SCHEME.length()).strip();
    return token.startsWith(DeployTokens.PREFIX)
        ? deployToken(request, token)
        : accessToken(request, token);
  }

  private Publisher<Authentication> deployToken(HttpRequest<?> request, String token) {
    String requestId = RequestId.of(request);
    return Mono.fromCallable(() -> deployTokens.verify(token, requestId))
        .subscribeOn(Schedulers.fromExecutor(executor))
        .flatMap(
            verified ->
                switch (verified) {
                  case DeployTokens.Verified.Valid valid ->
                      Mono.just(authentication(valid.caller()));
                  case DeployTokens.Verified.Invalid invalid -> refuse(request, invalid.reason());
                });
  }

  private Publisher<Authentication> accessToken(HttpRequest<?> request, String token) {
    SignedJWT parsed;
    Optional<String> refusal;
    try {
      parsed = SignedJWT.parse(token);
      refusal = rules.refusal(parsed, clock.instant());
    } catch (ParseException | IllegalArgumentException e) {
      return refuse(request, "The token is malformed");
    }
    if (refusal.isPresent()) {
      return refuse(request, refusal.get());
    }
    return Flux.fromIterable(signatures)
        .concatMap(signature -> signature.verify(parsed))
        .any(Boolean::booleanValue)
        .onErrorMap(
            e -> {
              LOG.warn("the pool's keys cannot be read: {}", e.toString());
              return Problem.of(
                  503, "keys-unavailable", "Try again", "The pool's keys cannot be read now.");
            })
        .flatMap(
            valid ->
                valid
                    ? Mono.just(authentication(person(request, parsed)))
                    : refuse(request, "The token's signature is not valid"));
  }

  private static Caller.Person person(HttpRequest<?> request, SignedJWT token) {
    try {
      JWTClaimsSet claims = token.getJWTClaimsSet();
      List<String> groups = claims.getStringListClaim("cognito:groups");
      String username = claims.getStringClaim("username");
      return new Caller.Person(
          claims.getSubject(),
          username == null ? claims.getSubject() : username,
          groups == null ? new HashSet<>() : new HashSet<>(groups),
          RequestId.of(request));
    } catch (ParseException e) {
      throw Problem.unauthorized("The token is malformed");
    }
  }

  private static Authentication authentication(Caller caller) {
    return Authentication.build(caller.id(), Map.of(CALLER, caller));
  }

  private static Mono<Authentication> refuse(HttpRequest<?> request, String reason) {
    request.setAttribute(REASON, reason);
    return Mono.empty();
  }
}
