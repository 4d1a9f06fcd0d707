package dev.portico.gateway.compression;

import dev.portico.gateway.cache.semantics.EntityTag;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.response.CompressibleTypes;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Answers: may a response be compressed on its way, and what becomes of its head? As CloudFront,
 * and RFC 9110, section 8.4. Pure.
 */
final class CodedHead {
  /** Shorter ones gain nothing; CloudFront's limit, in bytes. */
  static final long LEAST = 1_000;

  /** Longer ones cost too much; CloudFront's limit, in bytes. */
  static final long MOST = 10_000_000;

  private static final Set<Integer> STATUSES = Set.of(200, 403, 404);

  /** What is about the bytes as they were, or their number, or is said anew. */
  private static final Set<String> OF_THE_BYTES =
      Set.of(
          "content-length",
          "content-encoding",
          "accept-ranges",
          "content-md5",
          "content-digest",
          "repr-digest",
          "digest",
          "etag",
          "trailer",
          "vary");

  private CodedHead() {}

  /** Whether it may be sent in another coding than the one it has. */
  static boolean mayBeCoded(int status, HeaderFields fields) {
    String type = fields.first("Content-Type");
    return STATUSES.contains(status)
        && type != null
        && isCodable(type)
        && !fields.contains("Content-Range")
        && isOpen(fields);
  }

  /**
   * Whether what this is a part of may have been sent in another coding, under the same date. A
   * part need not say its type, and that of several parts says nothing.
   */
  static boolean mayBePartOfCoded(HeaderFields fields) {
    String type = fields.first("Content-Type");
    boolean codable =
        type == null || type.toLowerCase(Locale.ROOT).startsWith("multipart/") || isCodable(type);
    return codable && isOpen(fields);
  }

  private static boolean isCodable(String type) {
    return CompressibleTypes.contains(type)
        // An event waits for the next one in no compressor.
        && !type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
  }

  private static boolean isOpen(HeaderFields fields) {
    return isPlain(fields) && !fields.lists("Cache-Control", "no-transform");
  }

  private static boolean isPlain(HeaderFields fields) {
    String coding = fields.joined("Content-Encoding");
    return coding == null || coding.isBlank() || coding.strip().equalsIgnoreCase("identity");
  }

  /**
   * Whether it is worth it.
   *
   * @param length in bytes, -1 when it is not known
   */
  static boolean isOfSize(long length) {
    return length < 0 || (length >= LEAST && length <= MOST);
  }

  /** The fields of a response that is sent in this coding. */
  static FieldList coded(HeaderFields fields, ContentCoding coding) {
    FieldList.Builder head = weakened(fields);
    addVary(head, fields);
    head.add("Content-Encoding", coding.token());
    return head.build();
  }

  /**
   * The fields of a 304 about a response that was sent in another coding. Vary is said only where
   * the 304 says it: what it has replaces what is stored (RFC 9111, section 3.2), and without the
   * origin's own the response would be anybody's.
   */
  static FieldList unchanged(HeaderFields fields) {
    FieldList.Builder head = weakened(fields);
    if (fields.contains("Vary")) {
      addVary(head, fields);
    }
    return head.build();
  }

  /**
   * The fields of a part of what others may get in another coding, without the date that it has in
   * common with that (RFC 9110, section 8.8.1) unless a strong tag tells them apart.
   */
  static FieldList part(HeaderFields fields) {
    String tag = EntityTag.parse(fields.first("ETag"));
    boolean apart = tag != null && EntityTag.isStrong(tag);
    return varying(apart ? fields : FieldList.without(fields, Set.of("last-modified")));
  }

  /** The trailers of a response that is sent in another coding: a digest is of other bytes. */
  static FieldList trailers(HeaderFields fields) {
    return FieldList.without(fields, OF_THE_BYTES);
  }

  /** The fields of a response that other viewers get in another coding. */
  static FieldList varying(HeaderFields fields) {
    FieldList.Builder head = new FieldList.Builder();
    fields.forEach(head::add);
    addVary(head, fields);
    return head.build();
  }

  private static FieldList.Builder weakened(HeaderFields fields) {
    FieldList.Builder head = new FieldList.Builder();
    FieldList.without(fields, OF_THE_BYTES).forEach(head::add);
    String tag = EntityTag.parse(fields.first("ETag"));
    if (tag != null) {
      head.add("ETag", EntityTag.weak(tag));
    }
    String trailers = fields.joined("Trailer");
    String left = trailers == null ? "" : namesLeft(trailers);
    if (!left.isEmpty()) {
      head.add("Trailer", left);
    }
    for (String line : fields.all("Vary")) {
      head.add("Vary", line);
    }
    return head;
  }

  private static String namesLeft(String trailers) {
    return Arrays.stream(trailers.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty() && !OF_THE_BYTES.contains(name.toLowerCase(Locale.ROOT)))
        .collect(Collectors.joining(", "));
  }

  private static void addVary(FieldList.Builder head, HeaderFields fields) {
    boolean said = fields.lists("Vary", "Accept-Encoding") || fields.lists("Vary", "*");
    if (!said) {
      head.add("Vary", "Accept-Encoding");
    }
  }
}
