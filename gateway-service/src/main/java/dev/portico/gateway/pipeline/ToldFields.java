package dev.portico.gateway.pipeline;

import dev.portico.gateway.access.rule.AccessPolicy;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.exchange.HeaderFields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Fields of a request with those by which the gateway tells origins who it is from. */
final class ToldFields implements HeaderFields {
  private static final String AUTHORIZATION = "authorization";

  private final HeaderFields viewers;
  private final List<String> told;
  private final Set<String> names;
  private final List<AccessPolicy> policies;

  private ToldFields(
      HeaderFields viewers, List<String> told, Set<String> names, List<AccessPolicy> policies) {
    this.viewers = viewers;
    this.told = told;
    this.names = names;
    this.policies = policies;
  }

  /**
   * These fields without what the viewer says under names that are the gateway's, and with what the
   * gateway says; the very same object where that changes nothing.
   *
   * @param removed names in lower case that only the gateway may say
   * @param told names and values in turn
   * @param policies those that have let the request in and have something to tell, or read it
   */
  static HeaderFields of(
      HeaderFields viewers, Set<String> removed, List<String> told, List<AccessPolicy> policies) {
    HeaderFields clean = without(viewers, removed);
    if (told.isEmpty() && policies.isEmpty()) {
      return clean;
    }
    Set<String> names = names(told);
    return new ToldFields(without(clean, names), List.copyOf(told), names, List.copyOf(policies));
  }

  private static Set<String> names(List<String> told) {
    if (told.isEmpty()) {
      return Set.of();
    }
    if (told.size() == 2) {
      return Set.of(told.getFirst().toLowerCase(Locale.ROOT));
    }
    Set<String> names = HashSet.newHashSet(told.size() / 2);
    for (int i = 0; i < told.size(); i += 2) {
      names.add(told.get(i).toLowerCase(Locale.ROOT));
    }
    return names;
  }

  /**
   * Fields without those of some names; the very same object when there are none. Servers that hand
   * fields on as variables take an underscore for a hyphen.
   *
   * @param removed in lower case
   */
  static HeaderFields without(HeaderFields fields, Set<String> removed) {
    if (removed.isEmpty()) {
      return fields;
    }
    Said said = new Said(removed);
    fields.forEach(said);
    return said.found.isEmpty() ? fields : FieldList.without(fields, said.found);
  }

  /** Finds fields that say what only the gateway may; makes nothing of any other. */
  private static final class Said implements BiConsumer<String, String> {
    private final Set<String> removed;
    private Set<String> found = Set.of();

    Said(Set<String> removed) {
      this.removed = removed;
    }

    @Override
    public void accept(String name, String value) {
      for (String each : removed) {
        if (means(name, each)) {
          found = new HashSet<>(found);
          found.add(name.toLowerCase(Locale.ROOT));
        }
      }
    }

    private static boolean means(String name, String lower) {
      boolean same = name.length() == lower.length();
      for (int i = 0; same && i < lower.length(); i++) {
        same = hyphened(Character.toLowerCase(name.charAt(i))) == hyphened(lower.charAt(i));
      }
      return same;
    }

    private static char hyphened(char c) {
      return c == '_' ? '-' : c;
    }
  }

  /** Fields without some of the viewer's. */
  static HeaderFields butWithout(HeaderFields fields, Set<String> removed) {
    return fields instanceof ToldFields told
        ? new ToldFields(
            FieldList.without(told.viewers, removed), told.told, told.names, told.policies)
        : FieldList.without(fields, removed);
  }

  @Override
  public Set<String> told() {
    return names;
  }

  @Override
  public Set<String> identity() {
    Set<String> identity = new HashSet<>(names);
    for (AccessPolicy policy : policies) {
      identity.addAll(policy.toldFields());
      AccessPolicy.Accounts accounts = policy.accounts();
      if (accounts != null && accounts.identityToken()) {
        identity.add(ToldToOrigin.TOKEN);
      }
      if (accounts != null && accounts.bearer() && viewers.contains(AUTHORIZATION)) {
        identity.add(AUTHORIZATION);
      }
    }
    return identity;
  }

  @Override
  public @Nullable String first(String name) {
    for (int i = 0; i < told.size(); i += 2) {
      if (told.get(i).equalsIgnoreCase(name)) {
        return told.get(i + 1);
      }
    }
    return viewers.first(name);
  }

  @Override
  public List<String> all(String name) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < told.size(); i += 2) {
      if (told.get(i).equalsIgnoreCase(name)) {
        values.add(told.get(i + 1));
      }
    }
    return values.isEmpty() ? viewers.all(name) : values;
  }

  @Override
  public void forEach(BiConsumer<String, String> action) {
    viewers.forEach(action);
    for (int i = 0; i < told.size(); i += 2) {
      action.accept(told.get(i), told.get(i + 1));
    }
  }

  @Override
  public String toString() {
    return viewers + " and " + names;
  }
}
