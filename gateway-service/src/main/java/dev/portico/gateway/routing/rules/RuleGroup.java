package dev.portico.gateway.routing.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rules for the same paths. Those that want a parameter to have a value are found by it: old sites
 * leave thousands of rules for {@code /index.php}, one for each {@code id}.
 */
final class RuleGroup {
  private final List<Integer> always = new ArrayList<>();
  private @Nullable Map<String, List<Integer>> byParameter;

  void add(int number, @Nullable String parameter) {
    if (parameter == null) {
      always.add(number);
      return;
    }
    Map<String, List<Integer>> all = byParameter == null ? new HashMap<>() : byParameter;
    byParameter = all;
    all.computeIfAbsent(parameter, text -> new ArrayList<>()).add(number);
  }

  void collect(@Nullable RequestFacts facts, Numbers found) {
    always.forEach(found::add);
    Map<String, List<Integer>> all = byParameter;
    if (all != null && facts != null) {
      facts
          .query()
          .forEach(
              (name, value) ->
                  all.getOrDefault(CompiledRedirect.key(name, value), List.of())
                      .forEach(found::add));
    }
  }
}
