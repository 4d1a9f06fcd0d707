package dev.portico.gateway.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.routing.rules.FieldEdits;
import dev.portico.gateway.routing.rules.FieldEdits.Edit;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditedFieldsTest {
  private static final FieldEdits EDITS =
      new FieldEdits(
          List.of(
              new Edit("x-frame-options", null),
              new Edit("Cache-Control", "public, max-age=60"),
              new Edit("Content-Type", "text/x-own"),
              new Edit("Strict-Transport-Security", "max-age=1"),
              new Edit("X-Own", "1")));

  private static ResponseHead head(int status, String type) {
    return ResponseHead.of(status)
        .add("Content-Type", type)
        .add("Vary", "Accept-Encoding")
        .add("Cache-Control", "no-cache")
        .add("X-Frame-Options", "SAMEORIGIN")
        .build();
  }

  private static ResponseHead edited(
      int status, String type, FieldEdits edits, String vary, boolean preview, boolean strict) {
    FilePolicy policy = new FilePolicy(Instant.EPOCH, true, preview, false, edits, vary);
    return EditedFields.of(head(status, type), policy, strict);
  }

  @Test
  void nothingToChangeChangesNothing() {
    ResponseHead head = head(200, "text/html");
    assertThat(EditedFields.of(head, new FilePolicy(Instant.EPOCH, true, false), true))
        .isSameAs(head);
  }

  @ParameterizedTest
  @CsvSource({
    "200, text/html, text/x-own, 'public, max-age=60'",
    "206, text/html, text/x-own, 'public, max-age=60'",
    "206, multipart/byteranges; boundary=x, multipart/byteranges; boundary=x, 'public, max-age=60'",
    "304, text/html, text/html, 'public, max-age=60'",
    "404, text/html, text/html, no-cache",
    "410, text/html, text/html, no-cache",
    "412, text/html, text/html, no-cache",
    "416, text/html, text/html, no-cache"
  })
  void whatFitsTheStatusIsSet(int status, String type, String expectedType, String caching) {
    ResponseHead head = edited(status, type, EDITS, "", false, true);
    assertThat(head.first("X-Own")).isEqualTo("1");
    assertThat(head.first("X-Frame-Options")).isNull();
    assertThat(head.first("Content-Type")).isEqualTo(expectedType);
    assertThat(head.first("Cache-Control")).isEqualTo(caching);
    assertThat(head.first("Strict-Transport-Security")).isEqualTo("max-age=1");
  }

  /** RFC 6797, section 7.2. */
  @Test
  void strictTransportIsNeverAskedForOverClearText() {
    assertThat(edited(200, "a/b", EDITS, "", false, false).first("Strict-Transport-Security"))
        .isNull();
  }

  @Test
  void varyGrows() {
    FieldEdits edits = new FieldEdits(List.of(new Edit("Vary", "X-Own")));
    assertThat(edited(200, "a/b", edits, "Cookie", false, true).first("Vary"))
        .isEqualTo("Accept-Encoding, X-Own, Cookie");
  }

  @Test
  void varyGrowsByEachOfItsLines() {
    FieldEdits edits = new FieldEdits(List.of(new Edit("Vary", "X-Own")));
    FilePolicy policy = new FilePolicy(Instant.EPOCH, true, false, false, edits, "Cookie");
    ResponseHead head = head(200, "a/b").with("vary", "Origin");
    assertThat(EditedFields.of(head, policy, true).first("Vary"))
        .isEqualTo("Accept-Encoding, Origin, X-Own, Cookie");
  }

  @Test
  void previewsStayOutOfSearchEngines() {
    FieldEdits edits = new FieldEdits(List.of(new Edit("X-Robots-Tag", "all")));
    assertThat(edited(200, "a/b", edits, "", true, true).first("X-Robots-Tag"))
        .isEqualTo("noindex");
    assertThat(edited(200, "a/b", edits, "", false, true).first("X-Robots-Tag")).isEqualTo("all");
  }
}
