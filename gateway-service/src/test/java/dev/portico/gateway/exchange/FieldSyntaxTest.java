package dev.portico.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldSyntaxTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "X-Checksum", "GET", "!#$%&'*+-.^_`|~09"})
  void tokens(String text) {
    assertThat(FieldSyntax.isToken(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " a", "a b", "a:", "a\r\nb", "é", "a\u0000", "(a)"})
  void noTokens(String text) {
    assertThat(FieldSyntax.isToken(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\rb", "a\nb", "\u0000", "\u001f", "\u007f"})
  void controls(String text) {
    assertThat(FieldSyntax.hasControl(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\tb", "é \u00ff", " a "})
  void noControls(String text) {
    assertThat(FieldSyntax.hasControl(text)).isFalse();
  }
}
