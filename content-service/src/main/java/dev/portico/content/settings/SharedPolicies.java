package dev.portico.content.settings;

import java.util.Map;
import java.util.Set;

/** Tells which policies sites share; the feature that owns these does. */
@FunctionalInterface
public interface SharedPolicies {
  /** There are none. */
  SharedPolicies NONE = ids -> Map.of();

  /**
   * The kinds of those that there are.
   *
   * @param ids of which; without any nothing is read
   */
  Map<String, PolicyKind> kinds(Set<String> ids);
}
