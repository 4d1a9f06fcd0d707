package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers: what does a response tell a shared cache to do? From the first of the fields {@code
 * Portico-Cache-Control}, {@code CDN-Cache-Control} (RFC 9213) and {@code Cache-Control} (RFC 9111,
 * section 5.2.2) that is there and valid; the others are then as if they were not.
 *
 * <p>Times are in seconds, or {@link #ABSENT}, or {@link DeltaSeconds#INVALID}. A restriction with
 * an argument that it should not have still restricts; a permission with one permits nothing.
 *
 * @param targeted whether a targeted field decides, so that Expires does not
 * @param noCache whether the whole response needs validation each time
 * @param noCacheFields fields, in lower case, not to be reused without validation
 * @param isPrivate whether the whole response is for one user
 * @param privateFields fields, in lower case, that are for one user
 */
record ResponseDirectives(
    boolean targeted,
    long maxAge,
    long sharedMaxAge,
    long staleWhileRevalidate,
    long staleIfError,
    boolean noStore,
    boolean noCache,
    Set<String> noCacheFields,
    boolean isPrivate,
    Set<String> privateFields,
    boolean isPublic,
    boolean mustRevalidate,
    boolean proxyRevalidate,
    boolean mustUnderstand,
    boolean immutable) {
  /** Stands for a directive that is not there. */
  static final long ABSENT = -2;

  private static final List<String> TARGETED =
      List.of("Portico-Cache-Control", "CDN-Cache-Control");
  private static final String UNUSABLE = "\1";

  /** Reads the response's fields. */
  static ResponseDirectives of(HeaderFields response) {
    for (String name : TARGETED) {
      String field = response.joined(name);
      Directives directives = field == null ? null : targeted(field);
      if (directives != null) {
        return of(directives, true);
      }
    }
    return of(Directives.parse(response.all("Cache-Control")), false);
  }

  /** The name of the field that {@link #of} reads. */
  static String deciding(HeaderFields response) {
    for (String name : TARGETED) {
      String field = response.joined(name);
      if (field != null && targeted(field) != null) {
        return name;
      }
    }
    return "Cache-Control";
  }

  /** The directives of a targeted field; null when it is malformed or empty (RFC 9213, 2.1). */
  private static @Nullable Directives targeted(String field) {
    Map<String, Object> members = StructuredDictionary.parse(field);
    if (members == null || members.isEmpty()) {
      return null;
    }
    Map<String, String> arguments = new HashMap<>();
    members.forEach(
        (name, value) -> {
          if (!Boolean.FALSE.equals(value)) {
            arguments.put(name, argument(value));
          }
        });
    return new Directives(arguments);
  }

  private static String argument(Object value) {
    if (value instanceof Boolean) {
      return Directives.NONE;
    }
    return value instanceof Long || value instanceof String ? value.toString() : UNUSABLE;
  }

  private static ResponseDirectives of(Directives directives, boolean targeted) {
    Set<String> noCacheFields = qualified(directives, "no-cache");
    Set<String> privateFields = qualified(directives, "private");
    return new ResponseDirectives(
        targeted,
        directives.seconds("max-age"),
        directives.seconds("s-maxage"),
        directives.seconds("stale-while-revalidate"),
        directives.seconds("stale-if-error"),
        directives.has("no-store"),
        directives.has("no-cache") && noCacheFields.isEmpty(),
        noCacheFields,
        directives.has("private") && privateFields.isEmpty(),
        privateFields,
        directives.isBare("public"),
        directives.has("must-revalidate"),
        directives.has("proxy-revalidate"),
        directives.has("must-understand"),
        directives.isBare("immutable"));
  }

  /** The fields that the directive is limited to; empty when it holds for the whole response. */
  private static Set<String> qualified(Directives directives, String name) {
    String argument = directives.argument(name);
    return argument != null && Tokens.areTokens(argument) ? Tokens.fieldNames(argument) : Set.of();
  }

  /**
   * The directives as they hold for a response with this status: must-understand takes no-store
   * back where the status is understood (section 5.2.2.3).
   */
  ResponseDirectives forStatus(int status) {
    if (!mustUnderstand || !noStore || !Statuses.isUnderstood(status)) {
      return this;
    }
    return new ResponseDirectives(
        targeted,
        maxAge,
        sharedMaxAge,
        staleWhileRevalidate,
        staleIfError,
        false,
        noCache,
        noCacheFields,
        isPrivate,
        privateFields,
        isPublic,
        mustRevalidate,
        proxyRevalidate,
        true,
        immutable);
  }

  /** Whether there is a directive that lets a shared cache store despite Authorization (3.5). */
  boolean allowsSharedStorage() {
    return isMeantForAll() || mustRevalidate;
  }

  /** Whether a directive says in so many words that others may be answered with it. */
  boolean isMeantForAll() {
    return isPublic || sharedMaxAge >= 0;
  }

  /** Whether an explicit directive forbids to answer with it once it is stale (4.2.4). */
  boolean forbidsStale() {
    return mustRevalidate || proxyRevalidate || noCache;
  }

  /** Whether it says that a shared cache must not keep it, or not use it unasked. */
  boolean isRestricted() {
    return noStore || noCache || isPrivate;
  }
}
