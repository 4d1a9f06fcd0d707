package dev.portico.content.deployment.rules;

import java.util.List;

/** Rules that cannot be published, with the faults found (at most {@link RuleLimits#FAULTS}). */
public final class InvalidRulesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<RuleFault> faults;

  InvalidRulesException(List<RuleFault> faults) {
    super(faults.getFirst().place() + ": " + faults.getFirst().reason());
    this.faults = List.copyOf(faults);
  }

  /** What was found, in the order of the lines, those of {@code _redirects} first. */
  public List<RuleFault> faults() {
    return faults;
  }
}
