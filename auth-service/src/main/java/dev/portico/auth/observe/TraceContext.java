package dev.portico.auth.observe;

import io.opentelemetry.api.trace.TraceFlags;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The place of a request in a trace, as its caller says. What a version after 00 adds is not read.
 *
 * @param traceparent the header, without what a later version adds
 * @param traceId of the whole: 32 hexadecimal digits, not all of them zero
 * @param spanId of the caller's part: 16 hexadecimal digits, not all of them zero
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context, section
 *     3.2</a>
 */
record TraceContext(String traceparent, String traceId, String spanId) {
  static final String HEADER = "traceparent";

  /** Where they begin. */
  private static final int FLAGS = 53;

  // Section 3.2.2.3: ids of zeros are not valid; section 3.2.2.1: neither is version ff.
  private static final Pattern KNOWN =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})(?<trace>[0-9a-f]{32})-(?!0{16})(?<span>[0-9a-f]{16})"
              + "-[0-9a-f]{2}");

  /** What the header says; empty when there is none or it is not valid, which is ignored. */
  static Optional<TraceContext> of(@Nullable String header) {
    Matcher known = KNOWN.matcher(header == null ? "" : header);
    if (header == null || !known.lookingAt()) {
      return Optional.empty();
    }
    String more = header.substring(known.end());
    boolean valid = more.isEmpty() || (more.startsWith("-") && !header.startsWith("00"));
    return valid
        ? Optional.of(new TraceContext(known.group(), known.group("trace"), known.group("span")))
        : Optional.empty();
  }

  /** Whether the caller keeps its part of the trace, and what else it says of it. */
  TraceFlags flags() {
    return TraceFlags.fromHex(traceparent, FLAGS);
  }
}
