package dev.portico.gateway.response;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Dates as HTTP writes them (RFC 9110, section 5.6.7), to the second. */
final class HttpDates {
  private static final DateTimeFormatter FIXED =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH);
  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH);
  private static final int CENTURY_AHEAD = 49;

  private HttpDates() {}

  /** The date as every HTTP program reads it. */
  static String format(Instant instant) {
    return FIXED.format(instant.atOffset(ZoneOffset.UTC));
  }

  /**
   * Reads a date in any of the three forms that a recipient must accept.
   *
   * @param now decides the century of a year of two digits
   * @return null when it is none
   */
  static @Nullable Instant parse(String text, Instant now) {
    String date = text.strip();
    try {
      if (date.endsWith("GMT")) {
        boolean fixed = date.indexOf(',') == 3;
        return instant(date, fixed ? FIXED : rfc850(now));
      }
      return instant(date, ASCTIME);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static Instant instant(String date, DateTimeFormatter form) {
    return LocalDateTime.parse(date, form).toInstant(ZoneOffset.UTC);
  }

  /** A year that seems to be more than 50 years ahead is one of the past. */
  private static DateTimeFormatter rfc850(Instant now) {
    int earliest = now.atOffset(ZoneOffset.UTC).getYear() - CENTURY_AHEAD;
    return new DateTimeFormatterBuilder()
        .appendPattern("EEEE, dd-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, IsoChronology.INSTANCE.date(earliest, 1, 1))
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.ENGLISH);
  }
}
