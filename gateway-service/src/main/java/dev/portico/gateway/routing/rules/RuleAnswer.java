package dev.portico.gateway.routing.rules;

import org.jspecify.annotations.Nullable;

/**
 * What came of looking for a rule.
 *
 * @param outcome what the first rule says that holds; null when none does
 * @param line the rule's line in {@code _redirects}; 0 when none holds
 * @param byLanguage whether a rule looked at Accept-Language on the way, so that answers vary by it
 * @param byCookie whether one looked at Cookie
 * @param byRole whether one looked at who the viewer is, so that answers are for this one alone
 */
public record RuleAnswer(
    @Nullable RuleOutcome outcome, int line, boolean byLanguage, boolean byCookie, boolean byRole) {
  /** No rule is for this. */
  public static final RuleAnswer NONE = new RuleAnswer(null, 0, false, false, false);
}
