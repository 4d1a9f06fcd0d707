package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.response.HttpDates;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The head of a response and the request that it answers.
 *
 * @param method the method that the origin was asked with
 * @param request the viewer's fields; of a request that the gateway makes by itself, those that
 *     Vary names
 * @param status the status code
 * @param response the response's fields as received, hop-by-hop ones included
 * @param requestTime when the request was sent, in milliseconds since the epoch
 * @param responseTime when the head was received, in milliseconds since the epoch
 */
public record OriginAnswer(
    String method,
    HeaderFields request,
    int status,
    HeaderFields response,
    long requestTime,
    long responseTime) {
  /** Stands for a date that is not there or is none. */
  static final long NO_DATE = Long.MIN_VALUE;

  /** The same answer with other fields and another status, as after a validation. */
  OriginAnswer with(int newStatus, HeaderFields fields) {
    return new OriginAnswer(method, request, newStatus, fields, requestTime, responseTime);
  }

  /** A date among the response's fields in milliseconds, or {@link #NO_DATE}. */
  long dateOf(String name) {
    return date(response.first(name), responseTime);
  }

  /** Date, or when the response was received (RFC 9110, section 6.6.1). */
  long date() {
    long date = dateOf("Date");
    return date == NO_DATE ? responseTime : date;
  }

  /** A date in milliseconds, or {@link #NO_DATE}. */
  static long date(@Nullable String text, long now) {
    Instant date = text == null ? null : HttpDates.parse(text, Instant.ofEpochMilli(now));
    return date == null ? NO_DATE : date.toEpochMilli();
  }
}
