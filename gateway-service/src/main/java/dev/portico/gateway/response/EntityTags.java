package dev.portico.gateway.response;

import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.routing.BlobDigest;
import java.util.EnumSet;
import java.util.Set;

/** The entity tags of files: the digest, and the coding where there is one (design, section 4). */
final class EntityTags {
  private EntityTags() {}

  /** The strong entity tag of a file in a coding. */
  static String of(BlobDigest digest, ContentCoding coding) {
    return '"' + digest.hex() + coding.tagSuffix() + '"';
  }

  /** Whether an If-Match or If-None-Match field is the {@code *} that any representation meets. */
  static boolean isAny(String field) {
    return field.strip().equals("*");
  }

  /**
   * Which representations of a file an If-Match or If-None-Match field names (RFC 9110, section
   * 13.1). What follows a malformed tag is not read.
   *
   * @param weak whether tags marked weak count too (section 8.8.3.2)
   */
  static Set<ContentCoding> named(String field, BlobDigest digest, boolean weak) {
    Set<ContentCoding> named = EnumSet.noneOf(ContentCoding.class);
    String hex = "";
    int at = 0;
    while (at < field.length()) {
      char c = field.charAt(at);
      if (c == ',' || c == ' ' || c == '\t') {
        at++;
        continue;
      }
      boolean isWeak = field.startsWith("W/", at);
      int open = isWeak ? at + 2 : at;
      int close = field.indexOf('"', open + 1);
      if (open >= field.length() || field.charAt(open) != '"' || close < 0) {
        break;
      }
      at = close + 1;
      if (isWeak && !weak) {
        continue;
      }
      if (hex.isEmpty()) {
        hex = digest.hex();
      }
      if (field.startsWith(hex, open + 1)) {
        add(named, field.substring(open + 1 + hex.length(), close));
      }
    }
    return named;
  }

  private static void add(Set<ContentCoding> named, String suffix) {
    for (ContentCoding coding : ContentCoding.values()) {
      if (coding.tagSuffix().equals(suffix)) {
        named.add(coding);
      }
    }
  }
}
