package dev.portico.gateway.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorPageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "none|false|text/html; charset=utf-8",
        "none|true|application/problem+json",
        "*/*|false|text/html; charset=utf-8",
        "*/*|true|application/problem+json",
        "text/html,application/xhtml+xml|true|text/html; charset=utf-8",
        "application/json|false|application/problem+json",
        "application/problem+json|false|application/problem+json",
        "text/css|true|application/problem+json",
      })
  void choosesTheFormByAccept(String accept, boolean program, String type) {
    ErrorPage page = ErrorPage.of(EdgeError.NOT_FOUND, 404, "r1", accept, program);
    assertThat(page.type()).isEqualTo(type);
    assertThat(page.body()).contains("404").contains("r1");
  }

  @ParameterizedTest
  @EnumSource
  void everyErrorHasASafeTextForBothForms(EdgeError error) {
    assertThat(error.title()).doesNotContain("\"", "<", "&", "\\").doesNotEndWith(".");
    assertThat(error.status()).isBetween(400, 599);
    assertThat(error.type()).matches("https://portico\\.dev/problems/[a-z-]+");
    assertThat(ErrorPage.of(error, error.status(), "r1", "application/json", false).body())
        .contains("\"type\":\"" + error.type() + "\"");
  }
}
