package dev.portico.auth.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** The service's own lines as JSON, whose fields the queries of docs/runbooks and alarms name. */
class JsonLogTest {
  @Test
  void aLineSaysWhatALineOfTextSays() throws JoranException, IOException {
    var context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    context.putProperty("PORTICO_LOG_FORMAT", "json");
    var configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(Objects.requireNonNull(getClass().getResource("/logback.xml")));
    var appender =
        (OutputStreamAppender<ILoggingEvent>)
            Objects.requireNonNull(context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("json"));
    var event =
        new LoggingEvent(
            JsonLogTest.class.getName(),
            context.getLogger("dev.portico.Example"),
            Level.ERROR,
            "lost {}: {}",
            new IllegalStateException("away"),
            new Object[] {"content-service", "\"refused\""});
    JsonNode line = new ObjectMapper().readTree(appender.getEncoder().encode(event));
    assertThat(line.path("formattedMessage").asText())
        .isEqualTo("lost content-service: \"refused\"");
    assertThat(line.path("message").asText()).as("of all of the kind").isEqualTo("lost {}: {}");
    assertThat(line.path("loggerName").asText()).isEqualTo("dev.portico.Example");
    assertThat(line.path("level").asText()).isEqualTo("ERROR");
    assertThat(line.at("/throwable/message").asText()).isEqualTo("away");
    context.stop();
  }
}
