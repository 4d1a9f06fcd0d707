package dev.portico.auth;

import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.Http;
import dev.portico.auth.fixture.PageClient;
import dev.portico.auth.fixture.Pool;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import java.net.URI;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.services.cognitoidentityprovider.model.CreateUserPoolClientRequest;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserPoolClientType;

/** The service in this JVM, on real sockets, for one app client of a pool. */
final class RunningService implements AutoCloseable {
  private final Pool pool;
  private final UserPoolClientType client;
  private final ApplicationContext context;
  private final Http api;
  private final Http internal;
  private final Http management;

  private RunningService(Pool pool, UserPoolClientType client, Map<String, Object> settings) {
    this.pool = pool;
    this.client = client;
    this.context = AuthService.start(settings);
    this.api = at(context.getRequiredProperty(AuthService.API_PORT, Integer.class));
    this.internal = at(context.getRequiredProperty(AuthService.INTERNAL_PORT, Integer.class));
    this.management = at(context.getRequiredProperty(AuthService.MANAGEMENT_PORT, Integer.class));
  }

  private static Http at(int port) {
    return new Http(URI.create("http://localhost:" + port));
  }

  static RunningService start(Pool pool, Consumer<CreateUserPoolClientRequest.Builder> client) {
    return start(pool, client, settings -> {});
  }

  static RunningService start(
      Pool pool,
      Consumer<CreateUserPoolClientRequest.Builder> client,
      Consumer<Map<String, Object>> change) {
    return start(pool, pool.client(client), change);
  }

  /** Another copy for the same app client, on the same table unless the settings name another. */
  RunningService copy(Consumer<Map<String, Object>> change) {
    return start(pool, client, change);
  }

  private static RunningService start(
      Pool pool, UserPoolClientType made, Consumer<Map<String, Object>> change) {
    var settings = pool.settings(made);
    // A call is repeated after half of it. On a busy machine that came before the first answer, and
    // then the session of a sign-in was used up.
    settings.put("portico.cognito.call-timeout", "10s");
    settings.put("portico.dynamodb.call-timeout", "30s");
    // The tests that are about it set it.
    settings.put("portico.limit.answer-step", "0s");
    change.accept(settings);
    return new RunningService(pool, made, settings);
  }

  Http api() {
    return api;
  }

  Http internal() {
    return internal;
  }

  /** Somebody's browser, without cookies. */
  PageClient browser() {
    return new PageClient(
        URI.create(
            "http://localhost:"
                + context.getRequiredProperty(AuthService.API_PORT, Integer.class)));
  }

  /** A call of the internal port, with its secret. */
  Answer internal(String path, String json) {
    return internal.post(path, json, "Authorization", "Bearer " + Pool.SECRET);
  }

  /** The service's beans. */
  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  /** Has the beans of a package stop, as they do first of all when the service stops. */
  void stop(String inPackage) {
    context.getBeansOfType(GracefulShutdownCapable.class).stream()
        .filter(bean -> bean.getClass().getPackageName().equals(inPackage))
        .forEach(GracefulShutdownCapable::shutdownGracefully);
  }

  Http management() {
    return management;
  }

  Pool pool() {
    return pool;
  }

  String clientId() {
    return client.clientId();
  }

  Answer signIn(String username, String password) {
    return api.post(
        "/v1/auth/sign-in",
        """
        {"username": "%s", "password": "%s"}
        """
            .formatted(username, password));
  }

  Answer refresh(String refreshToken) {
    return api.post("/v1/auth/refresh", "{\"refreshToken\": \"" + refreshToken + "\"}");
  }

  Answer me(String token) {
    return api.get("/v1/auth/me", "Authorization", "Bearer " + token);
  }

  Answer signOut(String token, String body) {
    return api.post("/v1/auth/sign-out", body, "Authorization", "Bearer " + token);
  }

  /** Any call by a token. */
  Answer call(String method, String path, String body, String token) {
    return api.send(
        method, path, body, "Content-Type", "application/json", "Authorization", "Bearer " + token);
  }

  @Override
  public void close() {
    context.close();
  }
}
