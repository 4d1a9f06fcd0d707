package dev.portico.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartFailureTest {
  @Test
  void isTheLineThatNamesTheVariableHoweverDeepItIs() {
    var cause = new IllegalArgumentException("PORTICO_X must be true or false,\n and is \"1\"");
    assertThat(StartFailure.ofSetting(new IllegalStateException("no", cause), Map.of()))
        .contains("PORTICO_X must be true or false, and is \"1\"");
  }

  @Test
  void isNothingWhereNoVariableIsAtFault() {
    assertThat(
            StartFailure.ofSetting(new IllegalStateException("the table is not there"), Map.of()))
        .isEmpty();
  }

  @Test
  void namesTheVariablesOfTracing() {
    var named =
        new ConfigurationException("Invalid value for property otel.bsp.schedule.delay=soon");
    assertThat(StartFailure.ofSetting(new IllegalStateException(named), Map.of()))
        .contains("Invalid value for property OTEL_BSP_SCHEDULE_DELAY=soon");
    var unnamed = new ConfigurationException("Unsupported OTLP traces protocol: carrier pigeon");
    assertThat(
            StartFailure.ofSetting(
                unnamed, Map.of("OTEL_EXPORTER_OTLP_PROTOCOL", "carrier pigeon", "PATH", "/bin")))
        .contains("OTEL_EXPORTER_OTLP_PROTOCOL: Unsupported OTLP traces protocol: carrier pigeon");
  }
}
