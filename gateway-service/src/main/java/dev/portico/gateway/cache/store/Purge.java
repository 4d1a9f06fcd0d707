package dev.portico.gateway.cache.store;

import dev.portico.gateway.cache.key.KeyedUri;
import dev.portico.gateway.cache.semantics.CacheTags;

/**
 * Which of a site's stored responses are to go. Paths are compared decoded, with regard to case;
 * all hosts, queries and variants of a path go with it.
 */
public sealed interface Purge {
  /** All of them. */
  record All() implements Purge {}

  /**
   * Those of one path.
   *
   * @param path decoded
   */
  record Path(String path) implements Purge {}

  /**
   * Those of all paths that start so.
   *
   * @param start decoded
   */
  record Prefix(String start) implements Purge {}

  /**
   * Those with a tag.
   *
   * @param tag the tag
   */
  record Tag(String tag) implements Purge {
    /** Refuses what no response can have. */
    public Tag {
      if (!CacheTags.isTag(tag)) {
        throw new IllegalArgumentException("no cache tag: " + tag);
      }
    }
  }

  /**
   * Those that may answer for one URI, after an unsafe request changed it (RFC 9111, section 4.4).
   *
   * @param target the URI with its whole query
   */
  record Uri(KeyedUri target) implements Purge {}

  /**
   * Those whose path matches a pattern: an exact path, or the beginning of one and a final {@code
   * *}.
   *
   * @param pattern percent-encoded or not, starting with a slash
   * @throws IllegalArgumentException when it does not start with a slash, has a {@code *} elsewhere
   *     or a query
   */
  static Purge paths(String pattern) {
    boolean open = pattern.endsWith("*");
    String start = open ? pattern.substring(0, pattern.length() - 1) : pattern;
    if (!start.startsWith("/") || start.indexOf('*') >= 0 || start.indexOf('?') >= 0) {
      throw new IllegalArgumentException("no path, or path and final *: " + pattern);
    }
    String decoded = KeyedUri.decoded(start);
    if (!open) {
      return new Path(decoded);
    }
    return decoded.equals("/") ? new All() : new Prefix(decoded);
  }
}
