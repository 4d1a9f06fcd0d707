package dev.portico.content.settings;

import java.util.stream.Stream;

/** Reads cache policies. */
final class CachePolicyReader {
  static final long DEFAULT_TTL = 86_400;
  static final long MAX_TTL = 31_536_000;

  private CachePolicyReader() {}

  static CachePolicy read(Fields fields) {
    String id = OriginReader.id(fields, "id");
    if (ManagedPolicies.find(id).isPresent()) {
      fields.fault("id", "is that of a managed cache policy of CloudFront");
    }
    long least = fields.wholeLong("minTtlSeconds", 0, Limits.TTL_SECONDS);
    long most = fields.wholeLong("maxTtlSeconds", Math.max(MAX_TTL, least), Limits.TTL_SECONDS);
    // As CloudFront: what is not given gives way to what is.
    long otherwise = Math.max(least, Math.min(DEFAULT_TTL, most));
    long normal = fields.wholeLong("defaultTtlSeconds", otherwise, Limits.TTL_SECONDS);
    checkOrder(fields, least, normal, most);
    KeySelection headers =
        KeySelectionReader.read(fields, "headers", KeySelectionReader::keyHeaders);
    KeySelection cookies = KeySelectionReader.read(fields, "cookies", KeySelectionReader::cookies);
    KeySelection query = KeySelectionReader.read(fields, "query", KeySelectionReader::query);
    checkLength(fields, headers, cookies, query);
    return new CachePolicy(
        id,
        least,
        normal,
        most,
        fields.flag("unsafeMinTtl", false),
        headers,
        cookies,
        query,
        fields.flag("sortQuery", false),
        fields.flag("gzip", true),
        fields.flag("brotli", true),
        fields.seconds("errorTtlSeconds", Limits.ERROR_STATUS, Limits.TTL_SECONDS),
        fields.flag("viewerDirectives", false));
  }

  private static void checkOrder(Fields fields, long least, long normal, long most) {
    if (most < least) {
      fields.fault("maxTtlSeconds", "is less than minTtlSeconds");
    } else if (normal < least) {
      fields.fault("defaultTtlSeconds", "is less than minTtlSeconds");
    } else if (normal > most) {
      fields.fault("defaultTtlSeconds", "is more than maxTtlSeconds");
    }
  }

  private static void checkLength(Fields fields, KeySelection... selections) {
    int characters =
        Stream.of(selections).flatMap(each -> each.names().stream()).mapToInt(String::length).sum();
    if (characters > Limits.KEY_CHARACTERS) {
      fields.fault(
          "headers",
          "with cookies and query has names of "
              + characters
              + " characters, more than "
              + Limits.KEY_CHARACTERS);
    }
  }
}
