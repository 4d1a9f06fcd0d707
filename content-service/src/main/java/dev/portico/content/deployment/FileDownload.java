package dev.portico.content.deployment;

import dev.portico.content.blob.BlobContent;
import dev.portico.content.blob.BlobStore;
import dev.portico.content.blob.ByteRange;
import dev.portico.content.blob.Digest;
import dev.portico.content.deployment.manifest.ManifestFile;
import dev.portico.content.error.Problem;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One file of a deployment as the API gives it: to programs, not to browsers. It is other people's
 * content on the API's own host, so nothing of it may run there.
 */
final class FileDownload {
  /** One range (RFC 9110, section 14.1.2); several are ignored, as is allowed. */
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  private FileDownload() {}

  /** The answer to a request for {@code file}. */
  static MutableHttpResponse<?> of(
      ManifestFile file, BlobStore blobs, @Nullable String range, @Nullable String ifNoneMatch) {
    String etag = '"' + file.sha256() + '"';
    if (ifNoneMatch != null && (ifNoneMatch.contains(etag) || ifNoneMatch.strip().equals("*"))) {
      return headers(HttpResponse.notModified(), etag);
    }
    Matcher asked = RANGE.matcher(range == null ? "" : range.strip());
    if (!asked.matches() || meaningless(asked.group(1), asked.group(2))) {
      return headers(HttpResponse.ok(stream(file, open(file, blobs, null))), etag);
    }
    ByteRange part = part(asked, file.size());
    if (part == null) {
      throw Problem.of(
              416,
              "range-not-satisfiable",
              "Range not satisfiable",
              "The file has " + file.size() + " bytes.")
          .header(HttpHeaders.CONTENT_RANGE, "bytes */" + file.size());
    }
    return headers(
        HttpResponse.status(HttpStatus.PARTIAL_CONTENT)
            .body(stream(file, open(file, blobs, part)))
            .header(
                HttpHeaders.CONTENT_RANGE,
                "bytes " + part.first() + "-" + part.last() + "/" + file.size()),
        etag);
  }

  /** Such a range is ignored (RFC 9110, section 14.1.1). */
  private static boolean meaningless(String first, String last) {
    return first.isEmpty()
        ? last.isEmpty()
        : !last.isEmpty() && Long.parseLong(last) < Long.parseLong(first);
  }

  private static @Nullable ByteRange part(Matcher asked, long size) {
    if (asked.group(1).isEmpty()) {
      long last = Long.parseLong(asked.group(2));
      return last == 0 || size == 0 ? null : new ByteRange(Math.max(0, size - last), size - 1);
    }
    long first = Long.parseLong(asked.group(1));
    long last =
        asked.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(asked.group(2)));
    return first > last ? null : new ByteRange(first, last);
  }

  private static BlobContent open(ManifestFile file, BlobStore blobs, @Nullable ByteRange part) {
    return blobs
        .open(new Digest(file.sha256()), part)
        .orElseThrow(() -> new IllegalStateException("blob " + file.sha256() + " is missing"));
  }

  private static UndatedFile stream(ManifestFile file, BlobContent content) {
    return new UndatedFile(content.stream(), MediaType.of(file.type()), content.length());
  }

  private static MutableHttpResponse<?> headers(MutableHttpResponse<?> response, String etag) {
    return response
        .header(HttpHeaders.ETAG, etag)
        .header(HttpHeaders.ACCEPT_RANGES, "bytes")
        .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment")
        .header("X-Content-Type-Options", "nosniff")
        .header("Content-Security-Policy", "sandbox");
  }
}
