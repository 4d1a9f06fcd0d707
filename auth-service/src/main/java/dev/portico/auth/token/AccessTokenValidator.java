package dev.portico.auth.token;

import dev.portico.auth.error.Problem;
import dev.portico.auth.error.SecurityRejections;
import dev.portico.auth.revocation.Revocations;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.http.HttpRequest;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.token.jwt.validator.ReactiveJsonWebTokenValidator;
import io.micronaut.security.token.validator.TokenValidator;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The way in from micronaut-security, in place of its own validator, which does not say why a token
 * was refused. An accepted token becomes an {@link Authentication} named by {@code sub}, with the
 * claims as attributes and the pool's groups as roles; a refused one leaves its reason at the
 * request, for routes that need a token.
 */
@Singleton
@Replaces(ReactiveJsonWebTokenValidator.class)
public final class AccessTokenValidator implements TokenValidator<HttpRequest<?>> {
  /** Attribute of the authentication under which the token itself is found. */
  private static final String TOKEN = "dev.portico.access-token";

  private static final String USERNAME = "username";

  private static final Logger LOG = LoggerFactory.getLogger(AccessTokenValidator.class);

  private final AccessTokenRules rules;
  private final PoolKeys keys;
  private final PoolKeysFetcher fetcher;
  private final Revocations revocations;
  private final Duration skew;
  private final Clock clock;
  private final Scheduler scheduler;

  AccessTokenValidator(
      TokenSettings settings,
      PoolKeys keys,
      PoolKeysFetcher fetcher,
      Revocations revocations,
      Clock clock,
      @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
    this.rules =
        new AccessTokenRules(
            settings.requiredIssuer(),
            new HashSet<>(settings.acceptedClients()),
            settings.clockSkew());
    this.keys = keys;
    this.fetcher = fetcher;
    this.revocations = revocations;
    this.skew = settings.clockSkew();
    this.clock = clock;
    this.scheduler = Schedulers.fromExecutorService(blocking);
  }

  /** The token by which this caller was authenticated. */
  public static String tokenOf(Authentication caller) {
    return String.valueOf(caller.getAttributes().get(TOKEN));
  }

  /**
   * What Cognito calls this caller. Of whom an identity provider proves it is not the {@code sub},
   * and Cognito knows them by nothing else.
   */
  public static String usernameOf(Authentication caller) {
    return caller.getAttributes().get(USERNAME) instanceof String name ? name : caller.getName();
  }

  @Override
  public Publisher<Authentication> validateToken(String token, HttpRequest<?> request) {
    // Off the event loop: the keys may have to be fetched, and verifying takes CPU time.
    return Mono.fromCallable(() -> judge(token))
        .subscribeOn(scheduler)
        .mapNotNull(
            verdict ->
                switch (verdict) {
                  case TokenVerdict.Accepted accepted ->
                      accepted.ofMachine()
                          ? refuseMachine(request)
                          : authentication(accepted, token);
                  case TokenVerdict.Refused refused -> refuse(refused, request);
                })
        .onErrorResume(
            KeysUnavailableException.class,
            e -> {
              SecurityRejections.remember(
                  request,
                  Problem.unavailable(
                      "The user pool's keys cannot be fetched, so no token can be verified."));
              return Mono.empty();
            })
        .onErrorResume(
            Problem.class,
            problem -> {
              SecurityRejections.remember(request, problem);
              return Mono.empty();
            });
  }

  private TokenVerdict judge(String token) {
    TokenVerdict verdict = rules.judge(token, keys, clock.instant());
    return verdict instanceof TokenVerdict.Accepted accepted && revoked(accepted)
        ? new TokenVerdict.Refused("revoked: the session was ended")
        : verdict;
  }

  private boolean revoked(TokenVerdict.Accepted accepted) {
    return revocations.revoked(accepted.originJti(), accepted.subject(), accepted.issuedAt());
  }

  private static Authentication authentication(TokenVerdict.Accepted accepted, String token) {
    var attributes = new HashMap<>(accepted.claims().getClaims());
    attributes.put(TOKEN, token);
    return Authentication.build(accepted.claims().getSubject(), accepted.groups(), attributes);
  }

  /** All that needs a token here is about the account of a person. */
  private static @Nullable Authentication refuseMachine(HttpRequest<?> request) {
    SecurityRejections.remember(
        request,
        Problem.of(
            403,
            "machine-token",
            "A person's access token is needed",
            "A token by client_credentials is of no account."));
    return null;
  }

  private @Nullable Authentication refuse(TokenVerdict.Refused refused, HttpRequest<?> request) {
    String description = refused.description() + clockWarning();
    LOG.debug("Refused a token: {}", description);
    SecurityRejections.remember(request, Problem.tokenRefused(description));
    return null;
  }

  private String clockWarning() {
    Duration offset = fetcher.clockOffset();
    return offset.abs().compareTo(skew) <= 0
        ? ""
        : "; the clock here is "
            + offset.abs().toSeconds()
            + " s "
            + (offset.isNegative() ? "behind" : "ahead of")
            + " the user pool's clock";
  }
}
