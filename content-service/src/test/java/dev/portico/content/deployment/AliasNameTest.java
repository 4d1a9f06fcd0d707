package dev.portico.content.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portico.content.error.Problem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AliasNameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "abc",
        "next",
        "fix-api",
        "v2x",
        "pr-123",
        "abcdefghijklmnopqrstuvwxyz0123",
        "2026"
      })
  void acceptsHostLabels(String name) {
    assertThat(AliasName.checked(name)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ab",
        "-abc",
        "abc-",
        "a--b",
        "ABC",
        "a_b",
        "a.b",
        "ä23",
        "a b",
        "mfrggzdfmztwq2lknnwg",
        "abc\n"
      })
  void refusesOthers(String name) {
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> AliasName.checked(name))
        .satisfies(problem -> assertThat(problem.status()).isEqualTo(400));
  }

  @ParameterizedTest
  @ValueSource(ints = {31, 40})
  void refusesLongNames(int length) {
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> AliasName.checked("a".repeat(length)));
  }
}
