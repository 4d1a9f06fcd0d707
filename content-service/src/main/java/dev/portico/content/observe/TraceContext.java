package dev.portico.content.observe;

import io.opentelemetry.api.trace.TraceFlags;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a request belongs to, as the gateway or another caller says. A later version's
 * header is read as far as version 00 has it.
 *
 * @param traceparent the header as received, at most the length that version 00 has
 * @param traceId 32 hexadecimal digits, not all zero
 * @param spanId of the caller's part: 16 hexadecimal digits, not all zero
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context, section
 *     3.2</a>
 */
record TraceContext(String traceparent, String traceId, String spanId) {
  static final String HEADER = "traceparent";

  /** Where they begin. */
  private static final int FLAGS = 53;

  private static final Pattern FORM =
      Pattern.compile(
          "(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-.*)?");

  /** As long as version 00 has it; it must not be longer there. */
  private static final int LENGTH = 55;

  /** The context of this header; empty when it is absent or not valid, and so to be ignored. */
  static Optional<TraceContext> of(@Nullable String header) {
    Matcher parts = FORM.matcher(header == null ? "" : header);
    if (!parts.matches() || (parts.group(1).equals("00") && parts.group(4) != null)) {
      return Optional.empty();
    }
    return Optional.of(
        new TraceContext(parts.group().substring(0, LENGTH), parts.group(2), parts.group(3)));
  }

  /** Whether the caller keeps its part of the trace, and what else it says of it. */
  TraceFlags flags() {
    return TraceFlags.fromHex(traceparent, FLAGS);
  }
}
