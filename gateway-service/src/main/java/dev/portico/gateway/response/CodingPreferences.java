package dev.portico.gateway.response;

import dev.portico.gateway.exchange.ContentCoding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers: which content codings may a response have? (RFC 9110, section 12.5.3.)
 *
 * @param codings what the viewer takes and wants at least as much as the plain bytes, best first;
 *     never holds {@link ContentCoding#IDENTITY}
 * @param identity whether it takes the plain bytes. When it takes neither these nor any variant
 *     that exists, it gets them all the same: section 12.1 lets a server disregard the field, and a
 *     file in hand serves better than a 406
 */
public record CodingPreferences(List<ContentCoding> codings, boolean identity) {
  /** Plain bytes only. */
  public static final CodingPreferences NONE = new CodingPreferences(List.of(), true);

  // Nearly all requests say one of a few things; whoever says others is read each time.
  private static final Map<String, CodingPreferences> KNOWN = new ConcurrentHashMap<>();
  private static final int MOST_KNOWN = 256;
  private static final Pattern WEIGHT = Pattern.compile("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?");
  private static final int FULL = 1000;
  static final int MALFORMED = -1;

  /** Makes the list immutable. */
  public CodingPreferences {
    codings = List.copyOf(codings);
  }

  /** Whether a response in this coding may be sent. */
  public boolean accepts(ContentCoding coding) {
    return coding == ContentCoding.IDENTITY ? identity : codings.contains(coding);
  }

  /**
   * Reads an Accept-Encoding field.
   *
   * @param acceptEncoding its value; null when the request has none, which lets the server choose:
   *     then it chooses the plain bytes, as programs that say nothing tend not to decode
   */
  public static CodingPreferences of(@Nullable String acceptEncoding) {
    if (acceptEncoding == null || acceptEncoding.isBlank()) {
      return NONE;
    }
    CodingPreferences known = KNOWN.get(acceptEncoding);
    if (known == null) {
      known = read(acceptEncoding);
      if (KNOWN.size() < MOST_KNOWN) {
        KNOWN.putIfAbsent(acceptEncoding, known);
      }
    }
    return known;
  }

  private static CodingPreferences read(String acceptEncoding) {
    Map<ContentCoding, Integer> weights = new EnumMap<>(ContentCoding.class);
    int others = MALFORMED;
    for (String element : acceptEncoding.split(",", -1)) {
      int semicolon = element.indexOf(';');
      String name = (semicolon < 0 ? element : element.substring(0, semicolon)).strip();
      int weight = semicolon < 0 ? FULL : weight(element.substring(semicolon + 1));
      if (weight == MALFORMED) {
        continue;
      }
      ContentCoding coding = ContentCoding.of(name);
      if (coding != null) {
        weights.put(coding, weight);
      } else if (name.equals("*")) {
        others = weight;
      }
    }
    return ranked(weights, others);
  }

  private static CodingPreferences ranked(Map<ContentCoding, Integer> weights, int others) {
    Integer plain = weights.remove(ContentCoding.IDENTITY);
    if (others > 0) {
      for (ContentCoding coding : ContentCoding.values()) {
        if (coding != ContentCoding.IDENTITY) {
          weights.putIfAbsent(coding, others);
        }
      }
    }
    // Without a weight of its own the plain form is acceptable and wanted least.
    int least = plain == null ? 1 : Math.max(1, plain);
    List<ContentCoding> codings = new ArrayList<>(weights.keySet());
    codings.removeIf(coding -> weights.getOrDefault(coding, 0) < least);
    codings.sort(
        Comparator.comparingInt((ContentCoding coding) -> -weights.getOrDefault(coding, 0)));
    boolean identity = plain == null ? others != 0 : plain > 0;
    return new CodingPreferences(codings, identity);
  }

  /** Thousandths of {@code q=0.5}; 1000 for other parameters only (RFC 9110, section 12.4.2). */
  static int weight(String parameters) {
    for (String parameter : parameters.split(";", -1)) {
      String text = parameter.strip();
      if (text.length() >= 2 && (text.charAt(0) | 0x20) == 'q' && text.charAt(1) == '=') {
        return thousandths(text.substring(2));
      }
    }
    return FULL;
  }

  private static int thousandths(String q) {
    if (!WEIGHT.matcher(q).matches()) {
      return MALFORMED;
    }
    String digits = (q.replace(".", "") + "000").substring(0, 4);
    return Integer.parseInt(digits);
  }
}
