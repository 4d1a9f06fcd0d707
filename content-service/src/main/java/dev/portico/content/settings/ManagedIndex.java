package dev.portico.content.settings;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** CloudFront's managed policies of one kind, by their names and ids. */
final class ManagedIndex<T> {
  private static final String API_PREFIX = "Managed-";

  private final List<Managed<T>> all;
  private final Map<String, T> byName = new HashMap<>();
  private final Map<String, T> byId = new HashMap<>();

  /**
   * A managed policy.
   *
   * @param name as CloudFront's console has it
   * @param policy with CloudFront's id
   */
  record Managed<T>(String name, T policy) {}

  ManagedIndex(Function<T, String> id, List<Managed<T>> all) {
    this.all = List.copyOf(all);
    for (Managed<T> each : all) {
      byName.put(each.name(), each.policy());
      byId.put(id.apply(each.policy()), each.policy());
    }
  }

  List<Managed<T>> all() {
    return all;
  }

  /** By id or by name, with or without the prefix {@code Managed-} that the API has. */
  Optional<T> find(String reference) {
    T found = byId.get(reference);
    if (found != null) {
      return Optional.of(found);
    }
    String name =
        reference.startsWith(API_PREFIX) ? reference.substring(API_PREFIX.length()) : reference;
    return Optional.ofNullable(byName.get(name));
  }
}
