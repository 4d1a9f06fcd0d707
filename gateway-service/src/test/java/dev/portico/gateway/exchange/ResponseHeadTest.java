package dev.portico.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ResponseHeadTest {
  private static final ResponseHead HEAD =
      ResponseHead.of(206)
          .add("Date", "Sat, 28 Nov 2026 12:00:00 GMT")
          .add("X-Empty", "")
          .add("Set-Cookie", "a=b: \u00fc")
          .add("Set-Cookie", " padded ")
          .build();

  private static List<String> fields(ResponseHead head) {
    List<String> fields = new ArrayList<>();
    head.forEach((name, value) -> fields.add(name + "=" + value));
    return fields;
  }

  @Test
  void http2WritesNamesInLowerCase() {
    ResponseHead head = HEAD.compact().with("Age", "1");
    List<String> fields = new ArrayList<>();
    head.forEach((name, value) -> fields.addAll(List.of(name.toLowerCase(Locale.ROOT), value)));
    assertThat(head.http2Fields()).extracting(Object::toString).isEqualTo(fields).hasSize(10);
    assertThat(head.http2Fields()).isSameAs(head.http2Fields());
  }

  @Test
  void aCompactHeadIsReadFromItsBytes() {
    ResponseHead compact = HEAD.compact();
    assertThat(compact.status()).isEqualTo(206);
    assertThat(compact.dated()).isTrue();
    assertThat(compact.encoded()).isEqualTo(HEAD.encoded());
    assertThat(fields(compact)).isEqualTo(fields(HEAD)).hasSize(4);
    assertThat(compact.first("x-empty")).isEmpty();
    assertThat(compact.first("set-cookie")).isEqualTo("a=b: \u00fc");
    assertThat(compact.first("none")).isNull();
    assertThat(fields(compact.toBuilder().set("Date", "x").build()))
        .isEqualTo(fields(HEAD.toBuilder().set("Date", "x").build()));
    assertThat(fields(compact.with("Age", "1"))).isEqualTo(fields(HEAD.with("Age", "1")));
    assertThat(ResponseHead.of(204).build().compact().dated()).isFalse();
    assertThat(fields(ResponseHead.of(204).build().compact())).isEmpty();
  }
}
