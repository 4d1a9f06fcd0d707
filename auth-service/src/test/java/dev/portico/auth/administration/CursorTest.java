package dev.portico.auth.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.auth.error.Problem;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  @Test
  void bringsTheTokenBackForItsOwnList() {
    String cursor = Objects.requireNonNull(Cursor.encode("groups", "token/+="));
    assertThat(cursor).matches("[A-Za-z0-9_-]+");
    assertThat(Cursor.decode("groups", cursor)).isEqualTo("token/+=");
    assertThat(Cursor.encode("groups", null)).isNull();
    assertThat(Cursor.decode("groups", null)).isNull();
  }

  @Test
  void isRefusedForAnotherList() {
    String cursor = Cursor.encode("members:a", "token");
    assertThatThrownBy(() -> Cursor.decode("members:b", cursor)).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> Cursor.decode("members:", cursor)).isInstanceOf(Problem.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "===", "Z3JvdXBz", "Z3JvdXBzAA", "\u00e9"})
  void isRefusedWhenDamaged(String cursor) {
    assertThatThrownBy(() -> Cursor.decode("groups", cursor)).isInstanceOf(Problem.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 61, -1})
  void limitsAreBounded(int limit) {
    assertThatThrownBy(() -> Cursor.limit(limit)).isInstanceOf(Problem.class);
    assertThat(Cursor.limit(60)).isEqualTo(60);
  }
}
