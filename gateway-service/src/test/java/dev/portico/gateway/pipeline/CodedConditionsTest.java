package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.exchange.ContentCoding;
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
    CodedConditions.toOrigin(headers, ContentCoding.IDENTITY);
    assertThat(headers.get("if-match")).isEqualTo(match);
    assertThat(headers.get("if-none-match")).isEqualTo(noneMatch);
  }

  @Test
  void linesAreOneList() {
    HttpHeaders headers = new DefaultHttpHeaders().set("If-Match", List.of("W/\"1\"", "\"2\""));
    CodedConditions.toOrigin(headers, null);
    assertThat(headers.getAll("if-match")).containsExactly("\"1\", \"2\"");
  }

  /** Section 13.1.5. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "\"7\" | BR | true",
        "W/\"7\" | BR | false",
        "Sun, 01 Nov 2026 10:15:30 GMT | GZIP | false",
        "Sun, 01 Nov 2026 10:15:30 GMT | IDENTITY | true",
        "Sun, 01 Nov 2026 10:15:30 GMT |  | true",
      })
  void partsOfWhatMayHaveBeenCompressedAreNotAskedFor(
      String ifRange, ContentCoding coding, boolean asked) {
    HttpHeaders headers =
        new DefaultHttpHeaders().set("Range", "bytes=5-").set("If-Range", ifRange);
    CodedConditions.toOrigin(headers, coding);
    assertThat(headers.contains("range")).isEqualTo(asked);
    assertThat(headers.contains("if-range")).isEqualTo(asked);
  }

  @Test
  void aPartWithoutConditionGoes() {
    HttpHeaders headers = new DefaultHttpHeaders().set("Range", "bytes=5-");
    CodedConditions.toOrigin(headers, ContentCoding.BR);
    assertThat(headers.get("range")).isEqualTo("bytes=5-");
  }
}
