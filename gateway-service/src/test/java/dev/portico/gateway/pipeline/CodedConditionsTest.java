package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110, section 13. */
class CodedConditionsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "W/\"7\" | \"7\" | W/\"7\", \"7\"",
        "\"7\" | \"7\" | \"7\"",
        "\"6\",W/\"7\" | \"6\", \"7\" | \"6\", W/\"7\", \"7\"",
        "\"a,W/\" | \"a,W/\" | \"a,W/\"",
        "* | * | *",
        "W/7 | W/7 | W/7",
      })
  void tagsAreSaidAsTheOriginMayHaveThem(String said, String match, String noneMatch) {
    HttpHeaders headers = new DefaultHttpHeaders().set("If-Match", said).set("If-None-Match", said);
    CodedConditions.toOrigin(headers);
    assertThat(headers.get("if-match")).isEqualTo(match);
    assertThat(headers.get("if-none-match")).isEqualTo(noneMatch);
  }

  @Test
  void linesAreOneList() {
    HttpHeaders headers = new DefaultHttpHeaders().set("If-Match", List.of("W/\"1\"", "\"2\""));
    CodedConditions.toOrigin(headers);
    assertThat(headers.getAll("if-match")).containsExactly("\"1\", \"2\"");
  }

  /** Section 13.1.5; whether a date holds depends on what it is of. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "\"7\" | true",
        "W/\"7\" | false",
        "Sun, 01 Nov 2026 10:15:30 GMT | true",
      })
  void noPartIsAskedForByAWeakTag(String ifRange, boolean asked) {
    HttpHeaders headers =
        new DefaultHttpHeaders().set("Range", "bytes=5-").set("If-Range", ifRange);
    CodedConditions.toOrigin(headers);
    assertThat(headers.contains("range")).isEqualTo(asked);
    assertThat(headers.contains("if-range")).isEqualTo(asked);
  }

  @Test
  void aPartWithoutConditionGoes() {
    HttpHeaders headers = new DefaultHttpHeaders().set("Range", "bytes=5-");
    CodedConditions.toOrigin(headers);
    assertThat(headers.get("range")).isEqualTo("bytes=5-");
  }
}
