package dev.portico.gateway.response;

import static dev.portico.gateway.exchange.ContentCoding.BR;
import static dev.portico.gateway.exchange.ContentCoding.GZIP;
import static dev.portico.gateway.exchange.ContentCoding.IDENTITY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.routing.BlobDigest;
import dev.portico.gateway.routing.SiteFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Conditions, ranges, validators and caching headers of files, by strength of requirement. */
class FileResponsesTest {
  private static final BlobDigest DIGEST = new BlobDigest(0x1111, 2, 3, 4);
  private static final String HEX = DIGEST.hex();
  private static final String TAG = '"' + HEX + '"';
  private static final String BR_TAG = '"' + HEX + "-br\"";
  private static final String OTHER_TAG = "\"0000\"";
  private static final Instant SEALED = Instant.parse("2026-11-01T10:15:30.987Z");
  private static final String SEALED_DATE = "Sun, 01 Nov 2026 10:15:30 GMT";
  private static final String BEFORE = "Sun, 01 Nov 2026 10:15:29 GMT";
  private static final String AFTER = "Sun, 01 Nov 2026 10:15:31 GMT";
  private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");
  private static final FilePolicy LIVE = new FilePolicy(SEALED, true, false);
  private static final SiteFile PAGE =
      new SiteFile("/index.html", DIGEST, 10_000, "text/html; charset=utf-8");
  private static final SiteFile PHOTO = new SiteFile("/photo.jpg", DIGEST, 10_000, "image/jpeg");

  /** A request by its header fields. */
  private static FileConditions get(String... fields) {
    return conditions(false, fields);
  }

  private static FileConditions conditions(boolean head, String... fields) {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 0; i < fields.length; i += 2) {
      all.put(fields[i], fields[i + 1]);
    }
    return new FileConditions(
        head,
        all.get("Accept-Encoding"),
        all.get("If-Match"),
        all.get("If-None-Match"),
        all.get("If-Modified-Since"),
        all.get("If-Unmodified-Since"),
        all.get("Range"),
        all.get("If-Range"));
  }

  private static FileDecision decide(SiteFile file, FileConditions conditions) {
    return FileResponses.decide(file, LIVE, conditions, NOW, "sep");
  }

  private static int status(SiteFile file, FileConditions conditions) {
    return switch (decide(file, conditions)) {
      case FileDecision.Complete complete -> complete.head().status();
      case FileDecision.Parts parts -> parts.head().status();
      case FileDecision.Whole whole -> 200;
    };
  }

  private static ResponseHead complete(SiteFile file, FileConditions conditions) {
    return ((FileDecision.Complete) decide(file, conditions)).head();
  }

  private static ResponseHead whole(SiteFile file, FilePolicy policy, ContentCoding coding) {
    return FileResponses.whole(file, policy, coding, NOW);
  }

  private static Map<String, String> fields(ResponseHead head) {
    Map<String, String> fields = new TreeMap<>();
    head.forEach((name, value) -> fields.put(name.toLowerCase(Locale.ROOT), value));
    return fields;
  }

  @Nested
  @DisplayName("MUST")
  class Must {
    @Test
    @DisplayName("13.1.2: If-None-Match compares weakly, through lists, and knows *")
    void ifNoneMatch() {
      assertThat(status(PAGE, get("If-None-Match", TAG))).isEqualTo(304);
      assertThat(status(PAGE, get("If-None-Match", "W/" + TAG))).isEqualTo(304);
      assertThat(status(PAGE, get("If-None-Match", OTHER_TAG + ", " + TAG))).isEqualTo(304);
      assertThat(status(PAGE, get("If-None-Match", "*"))).isEqualTo(304);
      assertThat(status(PAGE, get("If-None-Match", OTHER_TAG))).isEqualTo(200);
      assertThat(status(PAGE, get("If-None-Match", "not a tag"))).isEqualTo(200);
    }

    @Test
    @DisplayName("13.1.3: If-Modified-Since is ignored beside If-None-Match, and when malformed")
    void ifModifiedSinceIsOutranked() {
      assertThat(status(PAGE, get("If-None-Match", OTHER_TAG, "If-Modified-Since", SEALED_DATE)))
          .isEqualTo(200);
      assertThat(status(PAGE, get("If-Modified-Since", "yesterday"))).isEqualTo(200);
    }

    @Test
    @DisplayName("13.1.1: If-Match compares strongly; 412 when nothing matches")
    void ifMatch() {
      assertThat(status(PAGE, get("If-Match", TAG))).isEqualTo(200);
      assertThat(status(PAGE, get("If-Match", BR_TAG))).isEqualTo(200);
      assertThat(status(PAGE, get("If-Match", "*"))).isEqualTo(200);
      assertThat(status(PAGE, get("If-Match", "W/" + TAG))).isEqualTo(412);
      assertThat(status(PAGE, get("If-Match", OTHER_TAG))).isEqualTo(412);
      assertThat(status(PAGE, get("If-Match", ""))).isEqualTo(412);
    }

    @Test
    @DisplayName("13.1.4: If-Unmodified-Since fails on a later file, ignored beside If-Match")
    void ifUnmodifiedSince() {
      assertThat(status(PAGE, get("If-Unmodified-Since", SEALED_DATE))).isEqualTo(200);
      assertThat(status(PAGE, get("If-Unmodified-Since", AFTER))).isEqualTo(200);
      assertThat(status(PAGE, get("If-Unmodified-Since", BEFORE))).isEqualTo(412);
      assertThat(status(PAGE, get("If-Unmodified-Since", "soon"))).isEqualTo(200);
      assertThat(status(PAGE, get("If-Match", TAG, "If-Unmodified-Since", BEFORE))).isEqualTo(200);
    }

    @Test
    @DisplayName("13.2.2: If-Match, then If-None-Match, then Range")
    void precedence() {
      assertThat(status(PAGE, get("If-Match", OTHER_TAG, "If-None-Match", TAG))).isEqualTo(412);
      assertThat(status(PAGE, get("If-None-Match", TAG, "Range", "bytes=0-1"))).isEqualTo(304);
      assertThat(status(PAGE, get("If-None-Match", TAG, "Range", "bytes=99999-"))).isEqualTo(304);
      assertThat(status(PAGE, get("If-Match", TAG, "Range", "bytes=0-1"))).isEqualTo(206);
    }

    @Test
    @DisplayName("13.1.5: If-Range compares strongly; otherwise the whole file")
    void ifRange() {
      assertThat(status(PAGE, get("Range", "bytes=0-1", "If-Range", TAG))).isEqualTo(206);
      assertThat(status(PAGE, get("Range", "bytes=0-1", "If-Range", "W/" + TAG))).isEqualTo(200);
      assertThat(status(PAGE, get("Range", "bytes=0-1", "If-Range", OTHER_TAG))).isEqualTo(200);
      assertThat(status(PAGE, get("Range", "bytes=0-1", "If-Range", BR_TAG))).isEqualTo(200);
      assertThat(status(PAGE, get("If-Range", OTHER_TAG))).isEqualTo(200);
    }

    @Test
    @DisplayName("13.1.5, 8.8.2.2: a date that is no strong validator does not hold")
    void ifRangeDate() {
      assertThat(status(PAGE, get("Range", "bytes=0-1", "If-Range", SEALED_DATE))).isEqualTo(200);
      assertThat(status(PAGE, get("Range", "bytes=99999-", "If-Range", AFTER))).isEqualTo(200);
    }

    @Test
    @DisplayName("14.2: Range means nothing to HEAD")
    void headHasNoRanges() {
      assertThat(status(PAGE, conditions(true, "Range", "bytes=0-1"))).isEqualTo(200);
      assertThat(status(PAGE, conditions(true, "Range", "bytes=99999-"))).isEqualTo(200);
      assertThat(status(PAGE, conditions(true, "If-None-Match", TAG))).isEqualTo(304);
    }

    @Test
    @DisplayName("15.3.7: a 206 has Content-Range and what a 200 says about caching")
    void partial() {
      FileDecision decision = decide(PHOTO, get("Range", "bytes=10-19"));
      FileDecision.Parts parts = (FileDecision.Parts) decision;
      assertThat(parts.parts()).containsExactly(new FileDecision.Part("", new ByteRange(10, 19)));
      assertThat(parts.length()).isEqualTo(10);
      assertThat(fields(parts.head()))
          .containsEntry("content-range", "bytes 10-19/10000")
          .containsEntry("content-type", "image/jpeg")
          .containsEntry("etag", TAG)
          .containsEntry("last-modified", SEALED_DATE)
          .containsEntry("cache-control", "public, max-age=0, must-revalidate");
    }

    @Test
    @DisplayName("15.3.7.2: several parts have their Content-Range inside, none outside")
    void multipart() {
      FileDecision.Parts parts = (FileDecision.Parts) decide(PHOTO, get("Range", "bytes=0-4, -3"));
      assertThat(fields(parts.head()))
          .containsEntry("content-type", "multipart/byteranges; boundary=sep")
          .doesNotContainKey("content-range");
      List<String> heads = new ArrayList<>();
      long length = parts.trailer().length();
      for (FileDecision.Part part : parts.parts()) {
        heads.add(part.before());
        length += part.before().length() + part.range().length();
      }
      assertThat(heads)
          .containsExactly(
              "--sep\r\nContent-Type: image/jpeg\r\nContent-Range: bytes 0-4/10000\r\n\r\n",
              "\r\n--sep\r\nContent-Type: image/jpeg\r\nContent-Range: bytes 9997-9999/10000"
                  + "\r\n\r\n");
      assertThat(parts.trailer()).isEqualTo("\r\n--sep--\r\n");
      assertThat(parts.length()).isEqualTo(length);
    }

    @Test
    @DisplayName("15.3.7.2: one range asked for is never sent as multipart")
    void oneRangeIsNoMultipart() {
      FileDecision.Parts parts =
          (FileDecision.Parts) decide(PHOTO, get("Range", "bytes=0-4, 20000-"));
      assertThat(fields(parts.head())).containsEntry("content-range", "bytes 0-4/10000");
    }

    @Test
    @DisplayName("15.4.5: a 304 says about caching what a 200 would")
    void notModified() {
      ResponseHead head = complete(PAGE, get("If-None-Match", TAG));
      assertThat(fields(head))
          .containsOnly(
              Map.entry("etag", TAG),
              Map.entry("cache-control", "public, max-age=0, must-revalidate"),
              Map.entry("vary", "Accept-Encoding"));
    }

    @Test
    @DisplayName("8.8.2.1: no Last-Modified ahead of the response")
    void noDateAhead() {
      FilePolicy ahead = new FilePolicy(NOW.plusSeconds(5), true, false);
      assertThat(fields(whole(PAGE, ahead, IDENTITY))).doesNotContainKey("last-modified");
    }

    @Test
    @DisplayName("8.8.3: representations have different strong tags")
    void strongTagsDiffer() {
      assertThat(fields(whole(PAGE, LIVE, IDENTITY))).containsEntry("etag", TAG);
      assertThat(fields(whole(PAGE, LIVE, BR)))
          .containsEntry("etag", BR_TAG)
          .containsEntry("content-encoding", "br");
    }
  }

  @Nested
  @DisplayName("SHOULD")
  class Should {
    @Test
    @DisplayName("13.1.3: 304 for a file unmodified since; here since exactly its date")
    void ifModifiedSince() {
      assertThat(status(PAGE, get("If-Modified-Since", SEALED_DATE))).isEqualTo(304);
      assertThat(status(PAGE, get("If-Modified-Since", BEFORE))).isEqualTo(200);
    }

    @Test
    @DisplayName("13.1.3: not after a rollback, when the file is older than the viewer's copy")
    void ifModifiedSinceAfterRollback() {
      assertThat(status(PAGE, get("If-Modified-Since", AFTER))).isEqualTo(200);
    }

    @Test
    @DisplayName("15.5.17: a 416 says how long the file is")
    void unsatisfiable() {
      ResponseHead head = complete(PAGE, get("Range", "bytes=10000-"));
      assertThat(head.status()).isEqualTo(416);
      assertThat(head.first("Content-Range")).isEqualTo("bytes */10000");
    }

    @Test
    @DisplayName("12.5.3: codings that the viewer prefers, of files that compress")
    void codings() {
      assertThat(decide(PAGE, get("Accept-Encoding", "gzip, br")))
          .isEqualTo(new FileDecision.Whole(List.of(BR, GZIP)));
      assertThat(decide(PHOTO, get("Accept-Encoding", "gzip, br")))
          .isEqualTo(new FileDecision.Whole(List.of()));
      assertThat(decide(PAGE, get())).isEqualTo(new FileDecision.Whole(List.of()));
    }

    @Test
    @DisplayName("12.5.5: Vary wherever the coding was or could be chosen")
    void vary() {
      assertThat(fields(whole(PAGE, LIVE, IDENTITY))).containsEntry("vary", "Accept-Encoding");
      assertThat(fields(whole(PHOTO, LIVE, IDENTITY))).doesNotContainKey("vary");
      FileDecision.Parts parts = (FileDecision.Parts) decide(PAGE, get("Range", "bytes=0-1"));
      assertThat(fields(parts.head())).containsEntry("vary", "Accept-Encoding");
    }
  }

  @Nested
  @DisplayName("MAY")
  class May {
    @Test
    @DisplayName("12.1: of representations that the viewer takes, the one it has is kept")
    void unchangedRepresentation() {
      FileConditions hasBr = get("Accept-Encoding", "gzip, br", "If-None-Match", BR_TAG);
      assertThat(complete(PAGE, hasBr).first("ETag")).isEqualTo(BR_TAG);
      FileConditions hasPlain = get("Accept-Encoding", "gzip, br", "If-None-Match", TAG);
      assertThat(complete(PAGE, hasPlain).first("ETag")).isEqualTo(TAG);
      FileConditions hasBoth =
          get("Accept-Encoding", "gzip, br", "If-None-Match", TAG + ", " + BR_TAG);
      assertThat(complete(PAGE, hasBoth).first("ETag")).isEqualTo(BR_TAG);
    }

    @Test
    @DisplayName("12.1: one that it does not take is no answer")
    void unacceptableRepresentation() {
      assertThat(status(PAGE, get("If-None-Match", BR_TAG))).isEqualTo(200);
      assertThat(status(PAGE, get("Accept-Encoding", "gzip", "If-None-Match", BR_TAG)))
          .isEqualTo(200);
      FileConditions coded = get("Accept-Encoding", "br, identity;q=0", "If-None-Match", TAG);
      assertThat(status(PAGE, coded)).isEqualTo(200);
    }

    @Test
    @DisplayName("14.2: ranges are of the plain file and ignored where that is refused")
    void rangesArePlain() {
      FileConditions both = get("Accept-Encoding", "br", "Range", "bytes=0-1");
      assertThat(status(PAGE, both)).isEqualTo(206);
      FileConditions refused = get("Accept-Encoding", "br, identity;q=0", "Range", "bytes=0-1");
      assertThat(decide(PAGE, refused)).isEqualTo(new FileDecision.Whole(List.of(BR)));
    }

    @Test
    @DisplayName("14.2: a Range that is not worth it is ignored")
    void hostileRanges() {
      assertThat(status(PAGE, get("Range", "bytes=0-,0-,0-"))).isEqualTo(200);
    }
  }

  @Nested
  class Policy {
    @Test
    void namesWithAHashAreImmutableUnlessTheSiteSaysNo() {
      SiteFile asset =
          new SiteFile("/assets/index-BfT3x9aQ.js", DIGEST, 5, "text/javascript; charset=utf-8");
      assertThat(whole(asset, LIVE, BR).first("Cache-Control"))
          .isEqualTo("public, max-age=31536000, immutable");
      assertThat(whole(asset, new FilePolicy(SEALED, false, false), BR).first("Cache-Control"))
          .isEqualTo("public, max-age=0, must-revalidate");
    }

    @Test
    void previewsAreNotForSearchEngines() {
      FilePolicy preview = new FilePolicy(SEALED, true, true);
      assertThat(whole(PAGE, preview, IDENTITY).first("X-Robots-Tag")).isEqualTo("noindex");
      assertThat(whole(PAGE, LIVE, IDENTITY).first("X-Robots-Tag")).isNull();
      assertThat(FileResponses.errorPage(404, PAGE, preview, IDENTITY).first("X-Robots-Tag"))
          .isEqualTo("noindex");
    }

    @Test
    void aWholeFileSaysWhatItIs() {
      assertThat(fields(whole(PAGE, LIVE, IDENTITY)))
          .containsOnly(
              Map.entry("content-type", "text/html; charset=utf-8"),
              Map.entry("etag", TAG),
              Map.entry("last-modified", SEALED_DATE),
              Map.entry("cache-control", "public, max-age=0, must-revalidate"),
              Map.entry("accept-ranges", "bytes"),
              Map.entry("vary", "Accept-Encoding"));
    }

    @Test
    void anErrorPageHasNoValidators() {
      ResponseHead head = FileResponses.errorPage(404, PAGE, LIVE, GZIP);
      assertThat(head.status()).isEqualTo(404);
      assertThat(fields(head))
          .containsOnly(
              Map.entry("content-type", "text/html; charset=utf-8"),
              Map.entry("content-encoding", "gzip"),
              Map.entry("cache-control", "public, max-age=0, must-revalidate"),
              Map.entry("vary", "Accept-Encoding"));
      assertThat(FileResponses.errorPageCodings(PAGE, get("Accept-Encoding", "gzip")))
          .containsExactly(GZIP);
      assertThat(FileResponses.errorPageCodings(PHOTO, get("Accept-Encoding", "gzip"))).isEmpty();
    }
  }
}
