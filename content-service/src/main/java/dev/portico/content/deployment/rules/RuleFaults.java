package dev.portico.content.deployment.rules;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with the files of one deployment, up to a limit. Not thread-safe. */
final class RuleFaults {
  private final List<RuleFault> found = new ArrayList<>();

  /**
   * Notes a fault.
   *
   * @throws InvalidRulesException when there are as many as are listed
   */
  void add(String file, int line, String reason) {
    found.add(new RuleFault(file, line, reason));
    if (found.size() >= RuleLimits.FAULTS) {
      throwFound();
    }
  }

  /**
   * Ends the collection.
   *
   * @throws InvalidRulesException when anything was found
   */
  void throwFound() {
    if (!found.isEmpty()) {
      throw new InvalidRulesException(found);
    }
  }
}
