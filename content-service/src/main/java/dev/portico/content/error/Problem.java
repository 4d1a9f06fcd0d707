package dev.portico.content.error;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A refusal that the caller is told about, as RFC 9457 problem details. Its detail is shown to
 * callers: it must hold nothing that they may not know. Thrown for what a caller did or met; bugs
 * and failed I/O are other exceptions, and become a 500 without any detail.
 */
public final class Problem extends RuntimeException {
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

  /** 400: the request cannot be understood. */
  public static Problem badRequest(String slug, String field, String reason) {
    return of(400, slug, "The request is not valid", field + " " + reason).field(field, reason);
  }

  /** 400: fields of the request do not hold what they must. */
  public static Problem invalid(String field, String reason) {
    return badRequest("validation", field, reason);
  }

  /** 400: fields of the request do not hold what they must. */
  public static Problem invalid(List<FieldError> errors) {
    return new Problem(
        400, "validation", "The request is not valid", "See errors.", errors, Map.of());
  }

  /** 401: no, or no valid, token; the challenge says why (RFC 6750 section 3). */
  public static Problem unauthorized(String reason) {
    return of(401, "unauthorized", "A valid access token is needed", reason);
  }

  /** 403: known, but not allowed. */
  public static Problem forbidden(String reason) {
    return of(403, "forbidden", "Not allowed", reason);
  }

  /** 404: not there, or not to be seen by this caller, which must look the same. */
  public static Problem notFound(String what) {
    return of(404, "not-found", "Not found", what + " does not exist, or you may not see it.");
  }

  /** 409: what is there does not allow it. */
  public static Problem conflict(String slug, String detail) {
    return of(409, slug, "Conflict with what is there", detail);
  }

  /** 410: was there once. */
  public static Problem gone(String detail) {
    return of(410, "gone", "Gone", detail);
  }

  /** 412: the resource is not as If-Match says (RFC 9110 section 13.1.1). */
  public static Problem preconditionFailed(String detail) {
    return of(412, "precondition-failed", "Changed in the meantime", detail);
  }

  /** 413: more bytes or files than allowed. */
  public static Problem tooLarge(String detail) {
    return of(413, "too-large", "Too large", detail);
  }

  /** 422: understood, but cannot be done. */
  public static Problem unprocessable(String slug, String detail) {
    return of(422, slug, "Cannot be done", detail);
  }

  /** 428: the request must be conditional (RFC 6585 section 3). */
  public static Problem preconditionRequired() {
    return of(
        428,
        "precondition-required",
        "If-Match is required",
        "Send the ETag that you last read as If-Match.");
  }

  /** 503: too many rivals; worth trying again. */
  public static Problem busy() {
    return of(503, "busy", "Busy", "Too many changes at the same time. Try again.")
        .retryAfter(Duration.ofSeconds(1));
  }

  /** 503: what this service needs does not answer, or it is stopping; worth trying again. */
  public static Problem unavailable(String detail) {
    return of(503, "unavailable", "Try again", detail).retryAfter(Duration.ofSeconds(5));
  }

  /** The same, naming one more field. */
  public Problem field(String field, String reason) {
    var more = new java.util.ArrayList<>(errors);
    more.add(new FieldError(field, reason));
    return new Problem(status, slug, title, detail, more, headers);
  }

  /** The same with a response header. */
  public Problem header(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Problem(status, slug, title, detail, errors, more);
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
