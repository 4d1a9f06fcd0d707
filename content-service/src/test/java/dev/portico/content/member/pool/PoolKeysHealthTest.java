package dev.portico.content.member.pool;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.portico.content.fixture.UserPool;
import io.micronaut.health.HealthStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class PoolKeysHealthTest {
  private static CognitoSettings settings(URI jwks) {
    return new CognitoSettings(
        UserPool.ISSUER, jwks, List.of(UserPool.CLIENT), Duration.ofSeconds(60));
  }

  private static HealthStatus status(CognitoSettings settings, PoolKeysFetcher fetcher) {
    try (ExecutorService blocking = Executors.newSingleThreadExecutor()) {
      PoolKeysHealth health = new PoolKeysHealth(new PoolKeys(settings, fetcher), blocking);
      return Mono.from(health.getResult()).blockOptional().orElseThrow().getStatus();
    }
  }

  private static HealthStatus atTheStart(URI jwks) {
    CognitoSettings settings = settings(jwks);
    return status(settings, new PoolKeysFetcher(settings, Clock.systemUTC()));
  }

  @Test
  void notReadyWhereTheKeysAreElsewhere() {
    try (var pool = new UserPool()) {
      assertThat(atTheStart(pool.jwksUrl().resolve("/other.json"))).isEqualTo(HealthStatus.DOWN);
      assertThat(atTheStart(pool.jwksUrl())).isEqualTo(HealthStatus.UP);
    }
  }

  /** It would be ended and started again and again, as long as the pool is away. */
  @Test
  void readyThoughThePoolDoesNotAnswer() throws IOException {
    assertThat(atTheStart(URI.create("http://localhost:1/jwks.json"))).isEqualTo(HealthStatus.UP);
    for (int status : new int[] {500, 503, 429}) {
      HttpServer failing =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      failing.createContext(
          "/",
          exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
          });
      failing.start();
      try {
        URI jwks = URI.create("http://localhost:" + failing.getAddress().getPort() + "/jwks.json");
        assertThat(atTheStart(jwks)).as("%d", status).isEqualTo(HealthStatus.UP);
      } finally {
        failing.stop(0);
      }
    }
  }

  /** Keys that are not held any more, as after an outage of hours: they were fetched before. */
  @Test
  void readyFromThenOnHoweverLongThePoolIsAway() throws IOException {
    CognitoSettings settings;
    PoolKeysFetcher fetcher;
    try (var pool = new UserPool()) {
      settings = settings(pool.jwksUrl());
      fetcher = new PoolKeysFetcher(settings, Clock.systemUTC());
      fetcher.retrieveResource(settings.jwksUrl().toURL());
    }
    assertThat(status(settings, fetcher)).isEqualTo(HealthStatus.UP);
  }
}
