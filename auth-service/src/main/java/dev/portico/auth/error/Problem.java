package dev.portico.auth.error;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A refusal that the caller is told about, as RFC 9457 problem details. Its detail is shown to
 * callers: it must hold nothing that they may not know, above all not whether an account exists.
 * Thrown for what a caller did or met; bugs are other exceptions, and become a 500 without any
 * detail.
 */
public final class Problem extends RuntimeException {
  /** Header of a 401 (RFC 9110 section 11.6.1). */
  private static final String WWW_AUTHENTICATE = "WWW-Authenticate";

  private static final String CHALLENGE = "Bearer realm=\"portico\"";

  private final int status;
  private final String slug;
  private final String title;
  private final String detail;
  private final List<FieldError> errors;
  private final Map<String, String> headers;

  private Problem(
      int status,
      String slug,
      String title,
      String detail,
      List<FieldError> errors,
      Map<String, String> headers) {
    super(status + " " + slug + ": " + detail, null, false, false);
    this.status = status;
    this.slug = slug;
    this.title = title;
    this.detail = detail;
    this.errors = List.copyOf(errors);
    this.headers = Map.copyOf(headers);
  }

  /**
   * Any problem.
   *
   * @param status HTTP status, 400 to 599
   * @param slug stable end of the type URI
   * @param title the same for all problems of a type
   * @param detail what happened here
   */
  public static Problem of(int status, String slug, String title, String detail) {
    return new Problem(status, slug, title, detail, List.of(), Map.of());
  }

  /** 400: fields of the request do not hold what they must. */
  public static Problem invalid(List<FieldError> errors) {
    return new Problem(
        400, "validation", "The request is not valid", "See errors.", errors, Map.of());
  }

  /** 400: one field of the request does not hold what it must. */
  public static Problem invalid(String field, String reason) {
    return invalid(List.of(new FieldError(field, reason)));
  }

  /** 400: a code is not accepted; says not why, since that could tell about the account. */
  public static Problem invalidCode() {
    return of(
        400,
        "invalid-code",
        "The code is not valid",
        "The code is wrong, has expired or was tried too often. Ask for another one, or wait a"
            + " while.");
  }

  /** 401: no token was sent where one is needed (RFC 6750 section 3.1: then without a code). */
  public static Problem tokenMissing() {
    return of(
            401,
            "token-missing",
            "An access token is needed",
            "Send an access token as Authorization: Bearer.")
        .header(WWW_AUTHENTICATE, CHALLENGE);
  }

  /**
   * 401: a token was sent and refused.
   *
   * @param description why, in the characters that RFC 6750 section 3 allows: printable ASCII
   *     without quote and backslash
   */
  public static Problem tokenRefused(String description) {
    return of(401, "invalid-token", "The access token is not valid", description)
        .header(
            WWW_AUTHENTICATE,
            CHALLENGE + ", error=\"invalid_token\", error_description=\"" + description + '"');
  }

  /** 401: who the caller claims to be is not proven; says neither which part nor why. */
  public static Problem notProven(String slug, String title, String detail) {
    return of(401, slug, title, detail).header(WWW_AUTHENTICATE, CHALLENGE);
  }

  /** 401: the session of a challenge is not one that goes on; says not why. */
  public static Problem challengeRefused() {
    return notProven(
        "challenge-refused",
        "Not signed in",
        "The challenge's session is wrong, used or expired. Sign in again.");
  }

  /** 403: known, but not allowed. */
  public static Problem forbidden() {
    return of(403, "forbidden", "Not allowed", "You may not do this.");
  }

  /** 409: administrators do not do this to themselves. */
  public static Problem ownAccount() {
    return of(
        409,
        "own-account",
        "Not with one's own account",
        "Another administrator must do this to your account.");
  }

  /** 413: more bytes than allowed. */
  public static Problem tooLarge() {
    return of(413, "too-large", "Too large", "The request's body is larger than allowed.");
  }

  /** 429: too many requests, of this caller or of all (RFC 6585 section 4). */
  public static Problem tooMany(Duration delay) {
    return of(429, "too-many-requests", "Too many requests", "Try again later.").retryAfter(delay);
  }

  /** 503: what this service needs does not answer; worth trying again. */
  public static Problem unavailable(String detail) {
    return of(503, "unavailable", "Not available now", detail).retryAfter(Duration.ofSeconds(5));
  }

  /** The same with a response header. */
  public Problem header(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Problem(status, slug, title, detail, errors, more);
  }

  /** The same, naming one more field. */
  public Problem field(String field, String reason) {
    var more = new ArrayList<>(errors);
    more.add(new FieldError(field, reason));
    return new Problem(status, slug, title, detail, more, headers);
  }

  /** The same with Retry-After, in whole seconds. */
  public Problem retryAfter(Duration delay) {
    return header("Retry-After", Long.toString(Math.max(1, delay.toSeconds())));
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** Stable end of the type URI. */
  public String slug() {
    return slug;
  }

  /** The same for all problems of a type. */
  public String title() {
    return title;
  }

  /** What happened here. */
  public String detail() {
    return detail;
  }

  /** Fields at fault. */
  public List<FieldError> errors() {
    return errors;
  }

  /** Headers of the response. */
  public Map<String, String> headers() {
    return headers;
  }
}
