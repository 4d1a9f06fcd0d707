package dev.portico.content.conditional;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.content.error.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 section 13.1.1. */
class IfMatchTest {
  private static final String CURRENT = "\"owner-17\"";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        " * ",
        CURRENT,
        "  " + CURRENT + " ",
        "\"a\", " + CURRENT,
        CURRENT + ",\"b\"",
        "W/\"owner-17\", " + CURRENT,
      })
  void mustLetPassWhatItNames(String header) {
    assertThatCode(() -> IfMatch.of(header).require(CURRENT)).doesNotThrowAnyException();
  }

  /** Strong comparison (section 8.8.3.2); what is no tag matches nothing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"other\"",
        "\"Owner-17\"",
        "owner-17",
        "W/\"owner-17\"",
        "",
        "\"a\", \"b\"",
        "\"*\""
      })
  void mustRefuseAnythingElse(String header) {
    assertThatThrownBy(() -> IfMatch.of(header).require(CURRENT))
        .isInstanceOfSatisfying(Problem.class, IfMatchTest::isPreconditionFailed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", CURRENT})
  void mustRefuseWhenThereIsNothing(String header) {
    assertThatThrownBy(() -> IfMatch.of(header).require(null))
        .isInstanceOfSatisfying(Problem.class, IfMatchTest::isPreconditionFailed);
  }

  @Test
  void mayBeAbsent() {
    IfMatch.of(null).require(CURRENT);
    IfMatch.of(null).require(null);
    IfMatch.ABSENT.require(null);
  }

  private static void isPreconditionFailed(Problem problem) {
    if (problem.status() != 412) {
      throw new AssertionError(problem);
    }
  }
}
