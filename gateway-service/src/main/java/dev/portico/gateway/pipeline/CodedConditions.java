package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.semantics.EntityTag;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Answers: what do conditions say to an origin when they are about what the gateway has compressed?
 * Viewers then have a weak tag made of the origin's, which may have been a strong one. Pure.
 */
final class CodedConditions {
  private CodedConditions() {}

  /**
   * Changes the conditions of a request to the origin.
   *
   * <ul>
   *   <li>If-None-Match names both tags: servers should compare weakly (RFC 9110, section 13.1.2),
   *       and some do not.
   *   <li>If-Match names the strong ones, or it would never hold (section 13.1.1). A tag that the
   *       origin itself made weak matches as little as before.
   *   <li>A part is not asked for where If-Range is a weak tag, which never holds (section 13.1.5).
   *       With a date it depends on what comes: {@code CodedAnswer}.
   * </ul>
   */
  static void toOrigin(HttpHeaders headers) {
    change(headers, "if-none-match", EntityTag::strongToo);
    change(headers, "if-match", EntityTag::allStrong);
    String tag = EntityTag.parse(headers.get("if-range"));
    if (tag != null && !EntityTag.isStrong(tag)) {
      headers.remove("if-range");
      headers.remove("range");
    }
  }

  private static void change(HttpHeaders headers, String name, UnaryOperator<String> tags) {
    List<String> lines = headers.getAll(name);
    if (!lines.isEmpty()) {
      headers.set(name, tags.apply(String.join(", ", lines)));
    }
  }
}
