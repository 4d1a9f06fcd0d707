package dev.portico.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What would leave the service without a log, or with too much of one. */
class LogSettingsTest {
  @Test
  void whatLogbackKnowsIsTaken() {
    assertThat(LogSettings.fault(Map.of())).isNull();
    assertThat(
            LogSettings.fault(Map.of("PORTICO_LOG_FORMAT", "json", "PORTICO_LOG_LEVEL", "debug")))
        .isNull();
  }

  @Test
  void aFormatThatThereIsNotIsRefused() {
    assertThat(LogSettings.fault(Map.of("PORTICO_LOG_FORMAT", "xml")))
        .isEqualTo("PORTICO_LOG_FORMAT must be text or json, and is \"xml\"");
    assertThat(LogSettings.fault(Map.of("PORTICO_LOG_FORMAT", ""))).isNotNull();
  }

  @Test
  void aLevelThatIsNoneIsRefused() {
    assertThat(LogSettings.fault(Map.of("PORTICO_LOG_LEVEL", "loud")))
        .isEqualTo(
            "PORTICO_LOG_LEVEL must be OFF, ERROR, WARN, INFO, DEBUG or TRACE, and is \"loud\"");
  }
}
