package dev.portico.gateway.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.exchange.ResponseHead;
import org.junit.jupiter.api.Test;

class StoredFieldsTest {
  private static final ResponseHead HEAD =
      ResponseHead.of(200).add("A", "1").add("B", "2").add("A", "3").add("Via", "x").build();

  @Test
  void findsAgainWhatTheHeadHasAndWhatNot() {
    FieldList stored =
        FieldList.of(
            "Cache-Tag", "t", "A", "1", "B", "2", "Content-Length", "9", "A", "3", "Z", "4");
    StoredFields fields = StoredFields.of(stored, HEAD);
    assertThat(fields.shown()).isEqualTo(3);
    assertThat(fields.others()).isEqualTo(FieldList.of("Cache-Tag", "t", "Z", "4"));
    assertThat(fields.all(HEAD.compact()))
        .isEqualTo(FieldList.of("Cache-Tag", "t", "Z", "4", "A", "1", "B", "2", "A", "3"));
  }

  @Test
  void aHeadOfOtherFieldsIsNone() {
    FieldList stored = FieldList.of("A", "2", "a", "1");
    StoredFields fields = StoredFields.of(stored, HEAD);
    assertThat(fields.shown()).isZero();
    assertThat(fields.all(HEAD)).isEqualTo(stored);
  }
}
