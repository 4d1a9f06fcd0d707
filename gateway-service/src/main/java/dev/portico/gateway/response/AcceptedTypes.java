package dev.portico.gateway.response;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Answers: does a viewer take content of this media type? (RFC 9110, section 12.5.1.) */
public final class AcceptedTypes {
  private static final int EXACT = 3;
  private static final int SUBTYPE = 2;
  private static final int ANY = 1;
  private static final int OTHER = 0;
  private static final int FULL = 1000;

  private AcceptedTypes() {}

  /**
   * Whether an Accept field admits a type. The most specific range that fits counts; parameters of
   * types are passed over.
   *
   * @param accept its value; null when the request has none, which admits everything
   * @param type a media type, with or without parameters
   */
  public static boolean admit(@Nullable String accept, String type) {
    return fitting(accept, type) > OTHER;
  }

  /**
   * Whether an Accept field admits a type by a range that says more than {@code *}{@code /*}.
   *
   * @param accept its value; null when the request has none
   * @param type a media type, with or without parameters
   */
  public static boolean name(@Nullable String accept, String type) {
    return fitting(accept, type) > ANY;
  }

  /** How well the range fits that admits the type. */
  private static int fitting(@Nullable String accept, String type) {
    if (accept == null || accept.isBlank()) {
      return ANY;
    }
    String wanted = name(type);
    int best = OTHER;
    boolean admitted = false;
    for (String element : accept.split(",", -1)) {
      int fit = fit(name(element), wanted);
      int semicolon = element.indexOf(';');
      int weight =
          semicolon < 0 ? FULL : CodingPreferences.weight(element.substring(semicolon + 1));
      if (fit > best && weight != CodingPreferences.MALFORMED) {
        best = fit;
        admitted = weight > 0;
      } else if (fit == best && fit != OTHER) {
        admitted |= weight > 0;
      }
    }
    return admitted ? best : OTHER;
  }

  private static String name(String typeOrRange) {
    int semicolon = typeOrRange.indexOf(';');
    String name = semicolon < 0 ? typeOrRange : typeOrRange.substring(0, semicolon);
    return name.strip().toLowerCase(Locale.ROOT);
  }

  private static int fit(String range, String type) {
    if (range.equals(type)) {
      return EXACT;
    }
    if (range.equals("*/*")) {
      return ANY;
    }
    boolean ofType =
        range.endsWith("/*") && type.startsWith(range.substring(0, range.length() - 1));
    return ofType ? SUBTYPE : OTHER;
  }
}
