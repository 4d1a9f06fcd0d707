package dev.portico.gateway.violation;

import java.util.Locale;

/** What becomes of reports, as the metric {@code portico_csp_reports_total} tells it. */
public enum ReportFate {
  /** Reports that are counted by what they say. */
  COUNTED,
  /** Reports that are only counted, since too many different ones had come before. */
  OTHER,
  /** Requests that were not read, since too many of their site had come in the same second. */
  LIMITED,
  /** Reports that are about something else than a Content-Security-Policy. */
  IGNORED,
  /** Requests that were refused. */
  REFUSED,
  /** Reports whose counts content-service refused. */
  LOST;

  /** The word in the metric. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
