package dev.portico.gateway.compression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.exchange.ContentCoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110, section 8.4; RFC 9111, section 5.2.2.6; CloudFront. */
class CodedHeadTest {
  private static FieldList html(String... more) {
    FieldList.Builder fields = new FieldList.Builder().add("Content-Type", "text/html");
    FieldList.of(more).forEach(fields::add);
    return fields.build();
  }

  @ParameterizedTest
  @CsvSource({
    "200,true",
    "403,true",
    "404,true",
    "201,false",
    "204,false",
    "206,false",
    "304,false",
    "500,false"
  })
  void statusesAreCloudFronts(int status, boolean coded) {
    assertThat(CodedHead.mayBeCoded(status, html())).isEqualTo(coded);
  }

  @ParameterizedTest
  @CsvSource({
    "text/html,true",
    "application/json;charset=utf-8,true",
    "image/svg+xml,true",
    "image/png,false",
    "application/zip,false",
    "text/event-stream,false",
    "TEXT/Event-Stream;x=y,false"
  })
  void typesAreThoseThatCompress(String type, boolean coded) {
    assertThat(CodedHead.mayBeCoded(200, FieldList.of("Content-Type", type))).isEqualTo(coded);
  }

  @Test
  void whatHasNoTypeStaysAsItIs() {
    assertThat(CodedHead.mayBeCoded(200, FieldList.EMPTY)).isFalse();
  }

  /** Must not: RFC 9111, section 5.2.2.6. */
  @Test
  void whatMustNotBeTransformedStaysAsItIs() {
    assertThat(CodedHead.mayBeCoded(200, html("Cache-Control", "max-age=1, No-Transform")))
        .isFalse();
    assertThat(CodedHead.mayBeCoded(200, html("Cache-Control", "public", "Cache-Control", "a=b")))
        .isTrue();
  }

  @Test
  void whatHasACodingOrIsAPartStaysAsItIs() {
    assertThat(CodedHead.mayBeCoded(200, html("Content-Encoding", "gzip"))).isFalse();
    assertThat(CodedHead.mayBeCoded(200, html("Content-Encoding", "aws-chunked"))).isFalse();
    assertThat(CodedHead.mayBeCoded(200, html("Content-Encoding", "identity"))).isTrue();
    assertThat(CodedHead.mayBeCoded(200, html("Content-Range", "bytes 0-1/2"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"-1,true", "0,false", "999,false", "1000,true", "10000000,true", "10000001,false"})
  void lengthsAreCloudFronts(long length, boolean coded) {
    assertThat(CodedHead.isOfSize(length)).isEqualTo(coded);
  }

  @Test
  void whatIsAboutTheBytesGoes() {
    FieldList coded =
        CodedHead.coded(
            html(
                "Content-Length", "5000",
                "content-encoding", "identity",
                "Accept-Ranges", "bytes",
                "Content-MD5", "a",
                "Content-Digest", "b",
                "Repr-Digest", "c",
                "X-Kept", "d",
                "Set-Cookie", "e=1",
                "Set-Cookie", "f=2"),
            ContentCoding.ZSTD);
    assertThat(coded.toString())
        .doesNotContain("5000", "bytes", "MD5", "Digest", "identity")
        .contains("X-Kept");
    assertThat(coded.all("Content-Encoding")).containsExactly("zstd");
    assertThat(coded.all("Set-Cookie")).containsExactly("e=1", "f=2");
    assertThat(coded.all("Vary")).containsExactly("Accept-Encoding");
  }

  /** As CloudFront; RFC 9110, section 8.8.3.3: one tag must not stand for two codings strongly. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "'\"a-1\"','W/\"a-1\"'",
        "'W/\"a\"','W/\"a\"'",
        "'\"\"','W/\"\"'",
        "'abc',''",
        "'\"a b\"',''",
        "'\"a',''",
      })
  void tagsBecomeWeak(String tag, String weak) {
    for (FieldList fields :
        new FieldList[] {
          CodedHead.coded(html("ETag", tag), ContentCoding.BR),
          CodedHead.unchanged(html("ETag", tag))
        }) {
      String found = fields.first("ETag");
      assertThat(found == null ? "" : found).isEqualTo(weak);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"accept-encoding", "Origin, Accept-Encoding", "*"})
  void varyIsSaidOnce(String vary) {
    assertThat(CodedHead.coded(html("Vary", vary), ContentCoding.GZIP).all("Vary"))
        .containsExactly(vary);
    assertThat(CodedHead.varying(html("Vary", vary)).all("Vary")).containsExactly(vary);
  }

  /** RFC 9111, section 3.2: each field of a 304 takes the place of what is stored. */
  @Test
  void aNotModifiedSaysVaryOnlyWhereTheOriginDoes() {
    assertThat(CodedHead.unchanged(html("ETag", "\"1\"")).contains("Vary")).isFalse();
    assertThat(CodedHead.unchanged(html("Vary", "Origin")).all("Vary"))
        .containsExactly("Origin", "Accept-Encoding");
  }

  /** RFC 9530, section 2: a digest is of the bytes as they are sent. */
  @Test
  void trailersSayNothingOfOtherBytes() {
    FieldList trailers = FieldList.of("Content-Digest", "a", "X-Checked", "b", "repr-digest", "c");
    assertThat(CodedHead.trailers(trailers)).isEqualTo(FieldList.of("X-Checked", "b"));
    FieldList fields = html("Trailer", "Content-Digest, X-Checked", "Trailer", "repr-digest");
    assertThat(CodedHead.coded(fields, ContentCoding.BR).all("Trailer"))
        .containsExactly("X-Checked");
    assertThat(
            CodedHead.coded(html("Trailer", "Content-MD5"), ContentCoding.BR).contains("Trailer"))
        .isFalse();
  }

  @Test
  void varyIsAddedToWhatThereIs() {
    assertThat(CodedHead.varying(html("Vary", "Origin", "ETag", "\"1\"")).all("Vary"))
        .containsExactly("Origin", "Accept-Encoding");
    assertThat(CodedHead.varying(html("ETag", "\"1\"")).first("ETag")).isEqualTo("\"1\"");
  }

  @ParameterizedTest
  @CsvSource({
    "text/html,true",
    "multipart/byteranges; boundary=a,true",
    "image/png,false",
    "text/event-stream,false",
  })
  void whatAPartMayBeOf(String type, boolean coded) {
    FieldList fields = FieldList.of("Content-Type", type);
    assertThat(CodedHead.mayBePartOfCoded(fields)).isEqualTo(coded);
    assertThat(CodedHead.mayBePartOfCoded(html("Content-Encoding", "gzip"))).isFalse();
    assertThat(CodedHead.mayBePartOfCoded(html("Cache-Control", "no-transform"))).isFalse();
    assertThat(CodedHead.mayBePartOfCoded(FieldList.EMPTY)).as("it need not be said").isTrue();
  }
}
