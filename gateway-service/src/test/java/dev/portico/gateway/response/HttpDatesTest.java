package dev.portico.gateway.response;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110, section 5.6.7. */
class HttpDatesTest {
  private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");
  private static final Instant DATE = Instant.parse("1994-11-06T08:49:37Z");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "SUN, 06 nov 1994 08:49:37 gmt",
        "sunday, 06-NOV-94 08:49:37 Gmt",
        "sUN nOV  6 08:49:37 1994"
      })
  void mustReadAllThreeForms(String date) {
    assertThat(HttpDates.parse(date, NOW)).isEqualTo(DATE);
  }

  @Test
  void mustTakeAYearFarAheadForOneOfThePast() {
    assertThat(HttpDates.parse("Friday, 06-Nov-76 08:49:37 GMT", NOW))
        .isEqualTo(Instant.parse("2076-11-06T08:49:37Z"));
    assertThat(HttpDates.parse("Sunday, 06-Nov-77 08:49:37 GMT", NOW))
        .isEqualTo(Instant.parse("1977-11-06T08:49:37Z"));
  }

  @Test
  void writesTheFixedForm() {
    assertThat(HttpDates.format(DATE)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    assertThat(HttpDates.format(NOW)).isEqualTo("Mon, 23 Nov 2026 00:00:00 GMT");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "0",
        "Sun, 31 Feb 1994 08:49:37 GMT x",
        "1994-11-06T08:49:37Z",
        "GMT",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 09:49:37 CET",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "Mon, 31 Nov 2026 13:00:00 GMT"
      })
  void whatIsNoDateIsNone(String date) {
    assertThat(HttpDates.parse(date, NOW)).isNull();
  }
}
