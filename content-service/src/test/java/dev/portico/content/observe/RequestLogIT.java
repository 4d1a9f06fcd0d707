package dev.portico.content.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portico.content.error.ProblemMapper;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the logs say about a request. */
class RequestLogIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final String TRACEPARENT = "00-" + TRACE + "-" + SPAN + "-01";

  private static ContentServer server;

  private final BlockingQueue<ILoggingEvent> events = new LinkedBlockingQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          event.prepareForDeferredProcessing();
          events.add(event);
        }
      };

  @BeforeAll
  static void start() {
    server =
        ContentServer.start(
            Map.of("portico.observe.access-log", true, "test.failing-controller", true));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void detach() {
    logger(AccessLog.LOGGER).detachAppender(appender);
    logger(ProblemMapper.class.getName()).detachAppender(appender);
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }

  private void listenTo(String name) {
    appender.start();
    logger(name).addAppender(appender);
  }

  private JsonNode line() throws JsonProcessingException {
    await().until(() -> !events.isEmpty());
    return JSON.readTree(events.remove().getFormattedMessage());
  }

  @Test
  void aRequestHasALineWithItsIdAndTrace() throws JsonProcessingException {
    listenTo(AccessLog.LOGGER);
    Answer answer =
        server.call(
            "GET",
            "/v1/sites/nobody-s-site?limit=7",
            server.person(),
            null,
            "X-Request-Id",
            "request-of-the-gateway",
            "traceparent",
            TRACEPARENT);
    JsonNode line = line();
    assertThat(line.path("requestId").asText()).isEqualTo("request-of-the-gateway");
    assertThat(line.path("trace").asText()).isEqualTo(TRACEPARENT);
    assertThat(line.path("method").asText()).isEqualTo("GET");
    assertThat(line.path("path").asText()).as("no query").isEqualTo("/v1/sites/nobody-s-site");
    assertThat(line.path("status").asInt()).isEqualTo(answer.status()).isEqualTo(404);
    assertThat(line.path("micros").asLong()).isPositive();
    assertThat(line.path("time").asText()).endsWith("Z");
    assertThat(line.path("client").asText()).isNotEmpty();
  }

  @Test
  void aRequestWithoutThemHasAnIdAndNoTrace() throws JsonProcessingException {
    listenTo(AccessLog.LOGGER);
    Answer answer =
        server.call("GET", "/v1/sites", null, null, "traceparent", "00-\"forged\":1,\"status\"");
    JsonNode line = line();
    assertThat(line.path("requestId").asText())
        .isNotEmpty()
        .isEqualTo(answer.header("X-Request-Id"));
    assertThat(line.has("trace")).isFalse();
    assertThat(line.path("status").asInt()).isEqualTo(401);
  }

  @Test
  void callsOfGatewaysHaveALineToo() throws JsonProcessingException {
    listenTo(AccessLog.LOGGER);
    ContentServer.send(
        "GET",
        server.at("internal", "/internal/snapshots"),
        ContentServer.SECRET,
        null,
        "traceparent",
        TRACEPARENT);
    JsonNode line = line();
    assertThat(line.path("path").asText()).isEqualTo("/internal/snapshots");
    assertThat(line.path("trace").asText()).isEqualTo(TRACEPARENT);
  }

  @Test
  void everyOtherLineOfARequestHasThemToo() {
    listenTo(ProblemMapper.class.getName());
    Answer answer =
        server.call("GET", "/v1/failing/bug", server.person(), null, "traceparent", TRACEPARENT);
    await().until(() -> !events.isEmpty());
    assertThat(events.remove().getMDCPropertyMap())
        .containsEntry("requestId", answer.header("X-Request-Id"))
        .containsEntry("traceId", TRACE)
        .containsEntry("spanId", SPAN);
  }
}
