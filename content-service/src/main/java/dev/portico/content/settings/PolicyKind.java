package dev.portico.content.settings;

import java.util.Optional;
import java.util.stream.Stream;

/** The kinds of policies that sites can share. */
public enum PolicyKind {
  /** How responses of origins are cached. */
  CACHE("cache"),
  /** What origins get of requests besides what is in the cache key. */
  ORIGIN_REQUEST("originRequest"),
  /** What gateways do to the header fields of responses. */
  RESPONSE_HEADERS("responseHeaders");

  private final String text;

  PolicyKind(String text) {
    this.text = text;
  }

  /** As in JSON and in the table. */
  public String text() {
    return text;
  }

  /** The kind of this text; empty: one that this release does not know. */
  public static Optional<PolicyKind> of(String text) {
    return Stream.of(values()).filter(kind -> kind.text.equals(text)).findAny();
  }
}
