package dev.portico.gateway.response;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Dates as HTTP writes them (RFC 9110, section 5.6.7), to the second. */
public final class HttpDates {
  private static final DateTimeFormatter FIXED =
      anyCase("EEE, dd MMM uuuu HH:mm:ss 'GMT'")
          .toFormatter(Locale.ENGLISH)
          .withResolverStyle(ResolverStyle.STRICT);
  private static final DateTimeFormatter ASCTIME =
      anyCase("EEE MMM ppd HH:mm:ss uuuu")
          .toFormatter(Locale.ENGLISH)
          .withResolverStyle(ResolverStyle.STRICT);
  private static final String ZONE = "GMT";
  private static final int CENTURY_AHEAD = 49;

  private HttpDates() {}

  /** The date as every HTTP program reads it. */
  public static String format(Instant instant) {
    return FIXED.format(instant.atOffset(ZoneOffset.UTC));
  }

  /**
   * Reads a date in any of the three forms that a recipient must accept, letters in any case (RFC
   * 9111, section 4.2). Another zone than GMT makes it none.
   *
   * @param now decides the century of a year of two digits
   * @return null when it is none
   */
  public static @Nullable Instant parse(String text, Instant now) {
    String date = text.strip();
    try {
      if (date.regionMatches(true, date.length() - ZONE.length(), ZONE, 0, ZONE.length())) {
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

  private static DateTimeFormatterBuilder anyCase(String pattern) {
    return new DateTimeFormatterBuilder().parseCaseInsensitive().appendPattern(pattern);
  }

  /** A year that seems to be more than 50 years ahead is one of the past. */
  private static DateTimeFormatter rfc850(Instant now) {
    int earliest = now.atOffset(ZoneOffset.UTC).getYear() - CENTURY_AHEAD;
    return anyCase("EEEE, dd-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, IsoChronology.INSTANCE.date(earliest, 1, 1))
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.ENGLISH)
        .withResolverStyle(ResolverStyle.STRICT);
  }
}
