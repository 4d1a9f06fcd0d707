package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ViewerFact;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers: for which requests with one cache key was a response chosen? (RFC 9111, section 4.1.)
 * Instances are shared among responses with the same Vary field.
 */
public final class VaryRule {
  /** No field but those in the key had a say. */
  public static final VaryRule NONE = new VaryRule(List.of());

  /** What was considered cannot be told from the request: matches none. */
  public static final VaryRule ANYTHING = new VaryRule(List.of("*"));

  private static final Map<List<String>, VaryRule> KNOWN = new ConcurrentHashMap<>();
  private static final int MOST_KNOWN = 1024;
  private static final int LONGEST_KNOWN = 256;
  private static final int MOST_FIELDS = 16;
  private static final String ABSENT = "\0";
  private static final String NO_VALUES = "";

  private final List<String> names;

  private VaryRule(List<String> names) {
    this.names = names;
  }

  /**
   * The rule of a response. Fields that are in the cache key already are left out. One that names
   * more than 16 others, a fact about the viewer, or something that is no field, is taken for
   * {@link #ANYTHING}.
   */
  static VaryRule of(HeaderFields response, CachingRules rules) {
    String field = response.joined("Vary");
    if (field == null) {
      return NONE;
    }
    TreeSet<String> names = new TreeSet<>(Tokens.fieldNames(field));
    // What origins are told about a viewer stands in no field that the viewer has sent.
    boolean byFact = names.stream().anyMatch(name -> name.startsWith(ViewerFact.PREFIX));
    if (byFact || names.contains("*") || !Tokens.areTokens(field)) {
      return ANYTHING;
    }
    names.removeIf(rules::inKey);
    if (names.size() > MOST_FIELDS) {
      return ANYTHING;
    }
    return names.isEmpty() ? NONE : shared(List.copyOf(names));
  }

  /**
   * A rule that was kept as its names.
   *
   * @param names what {@link #names} has said
   */
  public static VaryRule ofNames(List<String> names) {
    return names.isEmpty() ? NONE : shared(List.copyOf(names));
  }

  private static VaryRule shared(List<String> names) {
    VaryRule known = KNOWN.get(names);
    if (known != null) {
      return known;
    }
    VaryRule rule = new VaryRule(names);
    if (KNOWN.size() >= MOST_KNOWN || String.join("", names).length() > LONGEST_KNOWN) {
      return rule;
    }
    VaryRule earlier = KNOWN.putIfAbsent(names, rule);
    return earlier == null ? rule : earlier;
  }

  /** Whether no request is sure to get the same response. */
  boolean isAnything() {
    return equals(ANYTHING);
  }

  /** The names of the fields, in lower case and sorted. */
  public List<String> names() {
    return names;
  }

  /**
   * What the request says in these fields: two requests with equal answers get the same response.
   * The empty string under {@link #NONE}; meaningless under {@link #ANYTHING}.
   */
  public String variant(HeaderFields request) {
    if (names.isEmpty()) {
      return NO_VALUES;
    }
    if (names.size() == 1) {
      return Objects.requireNonNullElse(RequestField.normal(request, names.getFirst()), ABSENT);
    }
    StringBuilder variant = new StringBuilder();
    for (String name : names) {
      append(variant, RequestField.normal(request, name));
    }
    return variant.toString();
  }

  /** With its length, so that no value can pass for two. */
  private static void append(StringBuilder variant, @Nullable String value) {
    if (value == null) {
      variant.append('-');
    } else {
      variant.append(value.length()).append(':').append(value);
    }
  }

  /** Whether a response with this rule that was chosen for {@code variant} fits the request. */
  public boolean matches(HeaderFields request, String variant) {
    return names.isEmpty() || (!isAnything() && variant.equals(variant(request)));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VaryRule rule && names.equals(rule.names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  @Override
  public String toString() {
    return "Vary" + names;
  }
}
