package dev.portico.gateway.routing.rules;

import dev.portico.gateway.routing.Escapes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What conditions ask about a request, each found out when it is first asked for. */
final class RequestFacts {
  private static final int HIGHEST = 1000;

  /** How many language ranges of a request are looked at; browsers send ten at most. */
  static final int MOST_LANGUAGES = 64;

  private static final Pattern WEIGHT = Pattern.compile("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?");

  private final RedirectRequest request;
  private @Nullable Map<String, String> query;
  private @Nullable String language;
  private boolean byLanguage;
  private boolean byCookie;
  private boolean byRole;

  RequestFacts(RedirectRequest request) {
    this.request = request;
  }

  /** The first value of each query parameter, decoded. */
  Map<String, String> query() {
    Map<String, String> known = query;
    if (known == null) {
      known = parse(request.query());
      query = known;
    }
    return known;
  }

  private static Map<String, String> parse(@Nullable String text) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (text != null) {
      for (String each : text.split("&", -1)) {
        int equals = each.indexOf('=');
        String name = equals < 0 ? each : each.substring(0, equals);
        if (!name.isEmpty()) {
          parameters.putIfAbsent(
              decoded(name), equals < 0 ? "" : decoded(each.substring(equals + 1)));
        }
      }
    }
    return parameters;
  }

  /** As forms encode it: a plus stands for a space. */
  static String decoded(String parameter) {
    return Escapes.decode(parameter.replace('+', ' '));
  }

  /** Whether one of these is the language that the viewer likes best, or a wider range of it. */
  boolean prefersOneOf(List<String> languages) {
    byLanguage = true;
    String best = language;
    if (best == null) {
      best = preferred(request.headers().joined("accept-language"));
      language = best;
    }
    for (String each : languages) {
      if (best.startsWith(each)
          && (best.length() == each.length() || best.charAt(each.length()) == '-')) {
        return true;
      }
    }
    return false;
  }

  /** The first of those with the greatest weight (RFC 9110, section 12.5.4); empty for none. */
  static String preferred(@Nullable String acceptLanguage) {
    String best = "";
    int most = 0;
    if (acceptLanguage != null) {
      String[] ranges = acceptLanguage.split(",", MOST_LANGUAGES + 1);
      for (int i = 0; i < Math.min(ranges.length, MOST_LANGUAGES); i++) {
        String[] parts = ranges[i].split(";", -1);
        String range = parts[0].strip().toLowerCase(Locale.ROOT);
        int weight = range.equals("*") ? 0 : weight(parts);
        if (weight > most) {
          most = weight;
          best = range;
        }
      }
    }
    return best;
  }

  /** In thousandths (RFC 9110, section 12.4.2); what is no weight is none. */
  private static int weight(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
      if (parameter.startsWith("q=")) {
        String digits = parameter.substring(2);
        if (!WEIGHT.matcher(digits).matches()) {
          return 0;
        }
        return (int) Math.round(Double.parseDouble(digits) * HIGHEST);
      }
    }
    return HIGHEST;
  }

  /** Whether the viewer has one of these cookies. */
  boolean hasOneOf(List<String> cookies) {
    byCookie = true;
    for (String line : request.headers().all("cookie")) {
      for (String pair : line.split(";", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0 && cookies.contains(pair.substring(0, equals).strip())) {
          return true;
        }
      }
    }
    return false;
  }

  /** The groups that the viewer is in; null while it is not known who it is. */
  @Nullable Set<String> groups() {
    byRole = true;
    return request.groups();
  }

  boolean byLanguage() {
    return byLanguage;
  }

  boolean byCookie() {
    return byCookie;
  }

  boolean byRole() {
    return byRole;
  }

  /** With what was looked at on the way to an outcome. */
  RuleAnswer answer(@Nullable RuleOutcome outcome, int line) {
    return outcome != null || byLanguage || byCookie || byRole
        ? new RuleAnswer(outcome, line, byLanguage, byCookie, byRole)
        : RuleAnswer.NONE;
  }
}
