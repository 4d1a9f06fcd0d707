package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.fixture.RawClient;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of stored responses when some invalidation may have been missed. */
class DoubtIT {
  private static final String PATH = "/page";
  private EdgeFixture edge;

  @BeforeEach
  void start() throws IOException {
    edge = new EdgeFixture();
  }

  @AfterEach
  void stop() throws IOException {
    edge.close();
  }

  @Test
  void itAnswersAgainWhenItsOriginHasConfirmedIt() throws IOException {
    edge.answers("200 OK\r\nCache-Control: max-age=60\r\nETag: \"1\"", "body");
    edge.get(PATH);
    edge.store.doubt();
    edge.origin.behave(
        request ->
            request.send(
                "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\nCache-Control: max-age=60\r\n\r\n"));
    RawClient.Response confirmed = edge.get(PATH);
    assertThat(edge.last().header("if-none-match")).isEqualTo("\"1\"");
    assertThat(confirmed.status()).isEqualTo(200);
    assertThat(confirmed.text()).isEqualTo("body");
    assertThat(confirmed.header("x-cache")).isEqualTo("RefreshHit from portico");
    assertThat(edge.get(PATH).header("x-cache")).isEqualTo("Hit from portico");
    assertThat(edge.asked(PATH)).isEqualTo(2);
  }

  @Test
  void whatHasChangedIsReplacedAndNotServedMeanwhile() throws IOException {
    edge.answers("200 OK\r\nCache-Control: max-age=60, stale-while-revalidate=60", "one");
    edge.get(PATH);
    edge.store.doubt();
    edge.answers("200 OK\r\nCache-Control: max-age=60", "two");
    assertThat(edge.get(PATH).text()).isEqualTo("two");
    assertThat(edge.get(PATH).header("x-cache")).isEqualTo("Hit from portico");
  }

  @Test
  void itStandsInForAFailingOriginOnlyWhereItMayBeStaleForThat() throws IOException {
    edge.answers("200 OK\r\nCache-Control: max-age=60, stale-if-error=600", "allowed");
    edge.get("/allowed");
    edge.answers("200 OK\r\nCache-Control: max-age=60, must-revalidate", "forbidden");
    edge.get("/forbidden");
    edge.store.doubt();
    edge.answers("503 Service Unavailable", "down");
    assertThat(edge.get("/allowed").text()).isEqualTo("allowed");
    assertThat(edge.get("/forbidden").status()).isEqualTo(503);
  }

  @Test
  void withoutALeaseTheOriginIsAskedOnceASecond() throws IOException {
    edge.answers("200 OK\r\nCache-Control: max-age=600", "one");
    edge.get(PATH);
    edge.lease.lose();
    edge.answers("200 OK\r\nCache-Control: max-age=600", "two");
    assertThat(edge.get(PATH).text()).isEqualTo("two");
    assertThat(edge.get(PATH).header("x-cache")).isEqualTo("Hit from portico");
    edge.pass(Duration.ofSeconds(1));
    edge.answers("200 OK\r\nCache-Control: max-age=600", "three");
    assertThat(edge.get(PATH).text()).isEqualTo("three");
    assertThat(edge.asked(PATH)).isEqualTo(3);
  }
}
