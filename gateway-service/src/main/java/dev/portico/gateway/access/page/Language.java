package dev.portico.gateway.access.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The languages of the pages. */
public enum Language {
  /** English, also for whoever understands none of the others. */
  ENGLISH("en"),
  /** German. */
  GERMAN("de"),
  /** French. */
  FRENCH("fr");

  private static final int LONGEST = 500;

  private final String tag;

  Language(String tag) {
    this.tag = tag;
  }

  /** Its tag (RFC 5646). */
  public String tag() {
    return tag;
  }

  /**
   * The one that a viewer likes best (RFC 9110, section 12.5.4).
   *
   * @param accepted its Accept-Language; null when there is none
   */
  public static Language of(@Nullable String accepted) {
    if (accepted == null || accepted.length() > LONGEST) {
      return ENGLISH;
    }
    List<Locale.LanguageRange> ranges;
    try {
      ranges = Locale.LanguageRange.parse(accepted);
    } catch (IllegalArgumentException e) {
      return ENGLISH;
    }
    List<String> tags = new ArrayList<>();
    for (Language each : values()) {
      tags.add(each.tag);
    }
    String best = Locale.lookupTag(ranges, tags);
    for (Language each : values()) {
      if (each.tag.equals(best)) {
        return each;
      }
    }
    return ENGLISH;
  }
}
