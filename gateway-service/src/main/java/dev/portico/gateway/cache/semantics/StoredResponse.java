package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that decides on the reuse of a stored response, worked out when it was stored, so that a hit
 * compares numbers and parses nothing. Points in time are in milliseconds since the epoch.
 *
 * @param status the status code
 * @param generatedAt when it was made or last validated, corrected for clocks: its age counts from
 *     here
 * @param date its Date: the most recent of several is preferred
 * @param freshUntil the first moment that it is stale
 * @param staleWhileRevalidateUntil the first moment that it may no longer be served while it is
 *     validated in the background; {@code freshUntil} when it never may
 * @param staleIfErrorUntil the first moment that it may no longer stand in for a failing origin;
 *     {@code freshUntil} when it never may
 * @param lastModified its Last-Modified, or {@link Long#MIN_VALUE}
 * @param askAgainAt the first moment that all of it is asked for anew, in the background while it
 *     is fresh, since a better form of it may be had; {@link #NEVER} for most
 * @param size length of the complete representation in bytes; -1 while it is not known
 * @param mustRevalidate whether a viewer may not have it once it is stale, even asking for it
 * @param immutable whether a reload need not validate it (RFC 8246)
 * @param dateShared whether it has its Last-Modified in common with what others get in another
 *     content coding, so that the date does not tell their bytes apart (RFC 9110, section 8.8.1)
 * @param etag its entity tag, or null
 * @param vary which requests it was chosen for
 * @param variant what the request that it was chosen for said there
 */
public record StoredResponse(
    int status,
    long generatedAt,
    long date,
    long freshUntil,
    long staleWhileRevalidateUntil,
    long staleIfErrorUntil,
    long lastModified,
    long askAgainAt,
    long size,
    boolean mustRevalidate,
    boolean immutable,
    boolean dateShared,
    @Nullable String etag,
    VaryRule vary,
    String variant) {
  /** Stands for the size of a body that has not ended. */
  public static final long UNKNOWN = -1;

  /** Stands for a moment that does not come. */
  public static final long NEVER = Long.MAX_VALUE;

  /** How long one is used before it is asked for again for a better form, in milliseconds. */
  static final long FORM_MILLIS = 10_000;

  private static final long SECOND = 1000;
  private static final long STRONG_DATE_MILLIS = 60_000;

  /** Whether it is fresh (RFC 9111, section 4.2). */
  public boolean isFresh(long now) {
    return now < freshUntil;
  }

  /** Its age in whole seconds (section 4.2.3), as Age says. */
  public long age(long now) {
    return Math.clamp((now - generatedAt) / SECOND, 0, DeltaSeconds.MOST);
  }

  /** How much longer it is fresh, in whole seconds; negative when stale. For Cache-Status. */
  public long ttl(long now) {
    return Math.floorDiv(freshUntil - now, SECOND);
  }

  /** Whether the request would be given this response as well (section 4.1). */
  public boolean matches(HeaderFields request) {
    return vary.matches(request, variant);
  }

  /** Whether it answers the same requests as another one. */
  public boolean isForSameVariant(StoredResponse other) {
    return vary.equals(other.vary) && variant.equals(other.variant);
  }

  /**
   * Whether it may stand in at this moment for an origin that failed: could not be reached, did not
   * answer in time or answered 500, 502, 503 or 504 (RFC 5861, section 4; RFC 9111, section 4.3.3).
   * Asked when the origin has failed, not before.
   */
  public boolean mayReplaceFailure(long now) {
    return isFresh(now) || now < staleIfErrorUntil;
  }

  /** Whether an answer with this status is about the one request alone. */
  public static boolean isAboutOneRequest(int status) {
    return Statuses.isAboutOneRequest(status);
  }

  /** Whether an answer with this status counts as a failure of the origin. */
  public static boolean isFailure(int status) {
    return Statuses.isFailure(status);
  }

  /** Whether validation can spare the body: there is something to ask about. */
  public boolean hasValidator() {
    return etag != null || lastModified != OriginAnswer.NO_DATE;
  }

  /**
   * Whether its Last-Modified tells all versions apart (RFC 9110, section 8.8.2.2). It does not
   * where a weak tag says that the same version may be of other bytes, or other codings have it.
   */
  boolean isDateStrong() {
    boolean weak = etag != null && !EntityTag.isStrong(etag);
    return !weak
        && !dateShared
        && lastModified != OriginAnswer.NO_DATE
        && date - lastModified >= STRONG_DATE_MILLIS;
  }

  /**
   * Whether a part of it may say when it was changed: whoever has parts of two codings would take
   * them for parts of one (RFC 9110, section 15.3.7.3), unless a strong tag tells them apart.
   */
  public boolean isPartDated() {
    return !dateShared || (etag != null && EntityTag.isStrong(etag));
  }

  /** Whether it is to be asked for anew, whole, since a better form of it may be had. */
  boolean isToBeAskedAgain(long now) {
    return now >= askAgainAt;
  }

  /** To be asked for anew at this moment. */
  StoredResponse askedAgainAt(long moment) {
    return with(moment, size);
  }

  /** With the size that the body turned out to have. */
  public StoredResponse withSize(long bytes) {
    return with(askAgainAt, bytes);
  }

  private StoredResponse with(long askAgain, long bytes) {
    return new StoredResponse(
        status,
        generatedAt,
        date,
        freshUntil,
        staleWhileRevalidateUntil,
        staleIfErrorUntil,
        lastModified,
        askAgain,
        bytes,
        mustRevalidate,
        immutable,
        dateShared,
        etag,
        vary,
        variant);
  }

  /**
   * The same, where it is not known whether it has been invalidated: stale, so that the origin must
   * confirm it before it is used, in the background or at a viewer's wish neither. It stands in for
   * a failing origin only where it might do so when stale.
   *
   * @param now a moment that is past whenever it is looked at
   */
  public StoredResponse unconfirmed(long now) {
    long stale = Math.min(freshUntil, Math.min(generatedAt, now));
    return new StoredResponse(
        status,
        generatedAt,
        date,
        stale,
        stale,
        staleIfErrorUntil > freshUntil ? staleIfErrorUntil : stale,
        lastModified,
        askAgainAt,
        size,
        true,
        immutable,
        dateShared,
        etag,
        vary,
        variant);
  }

  /**
   * The response to use of those stored under one key: of the ones that fit the request the most
   * recent, and one that has a Vary rule before one that has none, since an origin that leaves Vary
   * out of its default answer does not mean it for all (sections 4 and 4.1).
   *
   * @return null when none fits
   */
  public static @Nullable StoredResponse choose(List<StoredResponse> stored, HeaderFields request) {
    StoredResponse best = null;
    for (StoredResponse candidate : stored) {
      if (candidate.matches(request) && (best == null || candidate.isBetterThan(best))) {
        best = candidate;
      }
    }
    return best;
  }

  private boolean isBetterThan(StoredResponse other) {
    boolean plain = vary.names().isEmpty();
    boolean otherPlain = other.vary.names().isEmpty();
    return plain == otherPlain ? date > other.date : otherPlain;
  }
}
