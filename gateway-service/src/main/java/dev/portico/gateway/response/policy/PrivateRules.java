package dev.portico.gateway.response.policy;

import dev.portico.gateway.exchange.Explanation;
import dev.portico.gateway.exchange.HeadRules;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.Timeline;
import dev.portico.gateway.exchange.ViewerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a head for one viewer, whom an access policy has let in, or who a redirect rule has
 * asked for the groups of: those of the behaviour, and that no cache beyond this gateway shares the
 * response (RFC 9111, section 5.2.2.7).
 */
public final class PrivateRules implements HeadRules {
  /** Where there are no other rules. */
  public static final PrivateRules PLAIN = new PrivateRules(null, false, "access policy");

  /** Where there are no other rules, and a redirect rule has asked who the viewer is. */
  public static final PrivateRules BY_ROLE = new PrivateRules(null, false, "_redirects");

  private static final String CACHE_CONTROL = "Cache-Control";
  private static final Set<String> OTHERS =
      Set.of("surrogate-control", "edge-control", "x-accel-expires");

  private final @Nullable PolicyRules rules;
  private final boolean refuses;
  private final String setBy;

  /**
   * Rules.
   *
   * @param refuses whether they are for who is not let in
   * @param setBy what makes it one viewer's, as explanations name it
   */
  PrivateRules(@Nullable PolicyRules rules, boolean refuses, String setBy) {
    this.rules = rules;
    this.refuses = refuses;
    this.setBy = setBy;
  }

  /** The same for who is not let in after all. */
  public PrivateRules forRefused() {
    return rules == null ? this : rules.forRefused();
  }

  @Override
  public void apply(ResponseHead.Builder head, ViewerRequest request) {
    if (rules != null && !refuses) {
      rules.apply(head, request);
    } else {
      if (rules != null) {
        rules.share(head, request);
      }
      SecurityHeaders.addTo(head, request);
    }
    restrict(head);
  }

  /** The same head, for one viewer alone, whatever was made of it since. */
  public static ResponseHead restricted(ResponseHead head) {
    ResponseHead.Builder builder = head.toBuilder();
    restrict(builder);
    return builder.build();
  }

  private static void restrict(ResponseHead.Builder head) {
    StringJoiner said = new StringJoiner(", ");
    List<String> others = new ArrayList<>();
    head.build()
        .forEach(
            (name, value) -> {
              if (name.equalsIgnoreCase(CACHE_CONTROL)) {
                said.add(value);
              } else if (isForOthers(name.toLowerCase(Locale.ROOT))) {
                others.add(name);
              }
            });
    head.set(CACHE_CONTROL, restricted(said.toString()));
    others.forEach(head::remove);
  }

  /** Whether a field is for other caches than browsers' (RFC 9213, and what some read besides). */
  private static boolean isForOthers(String lower) {
    return lower.endsWith("-cache-control") || OTHERS.contains(lower);
  }

  /** What Cache-Control becomes. */
  static String restricted(String said) {
    StringJoiner kept = new StringJoiner(", ");
    boolean stored = true;
    kept.add("private");
    for (String each : directives(said)) {
      String directive = each.strip();
      int equals = directive.indexOf('=');
      String name =
          (equals < 0 ? directive : directive.substring(0, equals))
              .strip()
              .toLowerCase(Locale.ROOT);
      switch (name) {
        case "", "public", "private", "s-maxage", "proxy-revalidate" -> {}
        default -> kept.add(directive);
      }
      stored &= !name.equals("no-store");
    }
    return stored ? kept.toString() : "no-store";
  }

  /** At commas that are not within quotes. */
  private static String[] directives(String said) {
    return said.indexOf('"') < 0
        ? said.split(",", -1)
        : said.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1);
  }

  @Override
  public @Nullable String variant(ViewerRequest request) {
    return rules == null ? null : rules.variant(request);
  }

  @Override
  public boolean keepable() {
    return rules == null || rules.keepable();
  }

  @Override
  public String setBy(String lower) {
    if (lower.equals("cache-control")) {
      return setBy;
    }
    return rules == null ? Explanation.GATEWAY : rules.setBy(lower);
  }

  @Override
  public ResponseHead sent(ResponseHead head, ViewerRequest request, Timeline timeline) {
    return rules == null ? head : rules.sent(head, request, timeline);
  }
}
