package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.Pool;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The line that each request has. */
class AccessLogIT {
  private static final RunningService SERVICE = RunningService.start(Pool.create(), client -> {});
  private static final Logger ACCESS = (Logger) LoggerFactory.getLogger("dev.portico.access");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TRACEPARENT =
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getFormattedMessage());
        }
      };

  @BeforeEach
  void listen() {
    appender.start();
    ACCESS.addAppender(appender);
  }

  @AfterEach
  void detach() {
    ACCESS.detachAppender(appender);
  }

  @AfterAll
  static void stop() {
    SERVICE.close();
  }

  private JsonNode line() throws InterruptedException, JsonProcessingException {
    String line = lines.poll(20, TimeUnit.SECONDS);
    assertThat(line).isNotNull();
    return JSON.readTree(line);
  }

  @Test
  void hasTheIdAndTheTraceAndNoSecret() throws Exception {
    Answer answer =
        SERVICE
            .api()
            .post(
                "/v1/auth/sign-in?code=secret",
                "{\"username\":\"nobody\",\"password\":\"secret\"}",
                "X-Request-Id",
                "made-by-the-gateway",
                "traceparent",
                TRACEPARENT);
    JsonNode line = line();
    assertThat(line.path("requestId").asText()).isEqualTo("made-by-the-gateway");
    assertThat(line.path("trace").asText()).isEqualTo(TRACEPARENT);
    assertThat(line.path("method").asText()).isEqualTo("POST");
    assertThat(line.path("path").asText()).isEqualTo("/v1/auth/sign-in");
    assertThat(line.path("status").asInt()).isEqualTo(answer.status());
    assertThat(line.path("micros").asLong()).isPositive();
    assertThat(line.path("time").asText()).endsWith("Z");
    assertThat(line.path("client").asText()).isNotEmpty();
    assertThat(line.toString()).doesNotContain("secret");
    assertThat(lines).as("one line").isEmpty();
  }

  @Test
  void hasNoTraceThatIsNotValid() throws Exception {
    Answer answer =
        SERVICE
            .api()
            .get(
                "/v1/auth/me",
                "traceparent",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01");
    JsonNode line = line();
    assertThat(line.has("trace")).isFalse();
    assertThat(line.path("status").asInt()).isEqualTo(401);
    assertThat(line.path("requestId").asText()).isEqualTo(answer.header("X-Request-Id"));
  }
}
