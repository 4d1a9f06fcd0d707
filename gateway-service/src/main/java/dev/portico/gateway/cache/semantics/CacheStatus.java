package dev.portico.gateway.cache.semantics;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the cache handled a request, as its member of Cache-Status says it (RFC 9211, section 2).
 *
 * @param hit whether the answer came from the cache and the origin was not asked
 * @param forward why the origin was asked; null when it was not
 * @param forwardStatus the status that the origin answered; 0 for none
 * @param ttl how much longer the response is fresh, in seconds, negative when stale; {@link
 *     #NO_TTL} when that has no meaning
 * @param stored whether the origin's response was stored
 * @param collapsed whether the request waited for the answer to another
 * @param detail what else there is to say; null for nothing
 */
public record CacheStatus(
    boolean hit,
    @Nullable Forward forward,
    int forwardStatus,
    long ttl,
    boolean stored,
    boolean collapsed,
    @Nullable String detail) {
  /** Stands for no remaining time. */
  public static final long NO_TTL = Long.MIN_VALUE;

  /** Why a request went to the origin (RFC 9211, section 2.2). */
  public enum Forward {
    /** The cache is not asked about this behaviour. */
    BYPASS,
    /** The cache is not asked about this method. */
    METHOD,
    /** Nothing is stored under the key. */
    URI_MISS,
    /** What is stored was chosen for other requests. */
    VARY_MISS,
    /** Something is stored, and it is not known whether the key or Vary was missed. */
    MISS,
    /** What is stored is fresh, and the request wants more. */
    REQUEST,
    /** What is stored is stale. */
    STALE,
    /** Some bytes are missing. */
    PARTIAL;

    private final String token = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The token in the field. */
    public String token() {
      return token;
    }
  }

  /** An answer from the cache, fresh for {@code ttl} seconds more. */
  public static CacheStatus hit(long ttl) {
    return new CacheStatus(true, null, 0, ttl, false, false, null);
  }

  /** A request that the origin is asked about. */
  public static CacheStatus forwarded(Forward forward) {
    return new CacheStatus(false, forward, 0, NO_TTL, false, false, null);
  }

  /** A request that neither the cache nor the origin answers, and why. */
  public static CacheStatus refused(String detail) {
    return new CacheStatus(false, null, 0, NO_TTL, false, false, detail);
  }

  /** With what of the freshness of the response is left, in seconds. */
  public CacheStatus freshFor(long seconds) {
    return new CacheStatus(hit, forward, forwardStatus, seconds, stored, collapsed, detail);
  }

  /** With the status that the origin answered. */
  public CacheStatus answered(int status) {
    return new CacheStatus(hit, forward, status, ttl, stored, collapsed, detail);
  }

  /** With the origin's response having been stored, fresh for {@code seconds}. */
  public CacheStatus storedFor(long seconds) {
    return new CacheStatus(hit, forward, forwardStatus, seconds, true, collapsed, detail);
  }

  /** Having waited for the answer to another request. */
  public CacheStatus collapsedWithAnother() {
    return new CacheStatus(hit, forward, forwardStatus, ttl, stored, true, detail);
  }

  /** With more to say. */
  public CacheStatus withDetail(String more) {
    return new CacheStatus(hit, forward, forwardStatus, ttl, stored, collapsed, more);
  }

  /**
   * The member of the list that a cache appends.
   *
   * @param cache how the cache calls itself
   */
  public String render(String cache) {
    StringBuilder text = new StringBuilder(64);
    appendName(text, cache);
    if (hit) {
      text.append("; hit");
    }
    if (forward != null) {
      text.append("; fwd=").append(forward.token());
    }
    if (forwardStatus != 0) {
      text.append("; fwd-status=").append(forwardStatus);
    }
    if (ttl != NO_TTL) {
      text.append("; ttl=").append(ttl);
    }
    if (stored) {
      text.append("; stored");
    }
    if (collapsed) {
      text.append("; collapsed");
    }
    if (detail != null) {
      appendName(text.append("; detail="), detail);
    }
    return text.toString();
  }

  /** As a token where it is one, else as a string (RFC 9651, sections 3.3.3 and 3.3.4). */
  private static void appendName(StringBuilder text, String name) {
    boolean letter = !name.isEmpty() && Character.isLetter(name.charAt(0));
    if (letter && Tokens.isToken(name)) {
      text.append(name);
    } else {
      appendString(text, name);
    }
  }

  /** What a string cannot hold becomes a question mark. */
  private static void appendString(StringBuilder text, String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\');
      }
      text.append(c >= ' ' && c < 0x7f ? c : '?');
    }
    text.append('"');
  }
}
