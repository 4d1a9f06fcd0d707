package dev.portico.gateway.response;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110, section 12.5.1. */
class AcceptedTypesTest {
  private static final String PAGE = "text/html; charset=utf-8";

  @Test
  void noFieldAdmitsEverything() {
    assertThat(AcceptedTypes.admit(null, PAGE)).isTrue();
    assertThat(AcceptedTypes.admit(" ", PAGE)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/html | true",
        "TEXT/HTML;q=0.1 | true",
        "*/* | true",
        "text/* | true",
        "application/json, */*;q=0.1 | true",
        "application/json | false",
        "application/json, text/plain | false",
        "text/html;q=0 | false",
        "text/html;q=0.000, */* | false",
        "*/*, text/html;q=0 | false",
        "text/*;q=0, */* | false",
        "text/*;q=0, text/html | true",
        "text/html;q=0, text/html;level=1 | true",
        "text/html;q=2, application/json | false",
        "texts/*, text/htm | false",
        "nonsense | false",
      })
  void theMostSpecificRangeCounts(String accept, boolean admitted) {
    assertThat(AcceptedTypes.admit(accept, PAGE)).isEqualTo(admitted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/html | true",
        "text/* | true",
        "text/html, */* | true",
        "*/* | false",
        "application/json, text/plain, */* | false",
        "text/html;q=0, */* | false",
      })
  void aTypeIsNamedByMoreThanAnything(String accept, boolean named) {
    assertThat(AcceptedTypes.name(accept, PAGE)).isEqualTo(named);
    assertThat(AcceptedTypes.name(null, PAGE)).isFalse();
  }
}
