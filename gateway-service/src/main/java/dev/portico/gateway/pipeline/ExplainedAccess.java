package dev.portico.gateway.pipeline;

import dev.portico.gateway.access.rule.AccessDecision;
import dev.portico.gateway.access.rule.AccessPolicy;
import dev.portico.gateway.exchange.Explanation;
import dev.portico.gateway.exchange.ViewerExchange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes down what the guard decides, as {@link Explained} does for other stages. */
final class ExplainedAccess {
  private static final String ACCESS = "access";

  private ExplainedAccess() {}

  /** These policies are to decide: two of the same name may ask for different things. */
  static void asked(ViewerExchange exchange, List<AccessPolicy> policies) {
    Explanation why = exchange.explanation();
    if (why != null) {
      policies.forEach(why::weigh);
    }
  }

  /** A policy has decided. */
  static void decided(ViewerExchange exchange, AccessPolicy policy, AccessDecision decision) {
    switch (decision) {
      case AccessDecision.Admitted admitted ->
          note(exchange, policy, "admitted", admitted.open() ? "exempt address" : null);
      case AccessDecision.PasswordRequired required ->
          note(exchange, policy, "password-required", null);
      case AccessDecision.SignInRequired required ->
          note(exchange, policy, "sign-in-required", null);
      case AccessDecision.InvalidToken token ->
          note(exchange, policy, "invalid-token", token.description());
      case AccessDecision.Refused refused ->
          note(exchange, policy, "refused", Explained.lower(refused.reason()));
      case AccessDecision.Undecided undecided ->
          note(exchange, policy, "undecided", undecided.why());
      case AccessDecision.AskIdentity ask -> unknown(exchange, policy);
      case AccessDecision.AskMembership ask -> unknown(exchange, policy);
      case AccessDecision.AskAuthorizer ask -> unknown(exchange, policy);
    }
  }

  /** Somebody would have to be asked. */
  static void unknown(ViewerExchange exchange, AccessPolicy policy) {
    note(exchange, policy, "unknown", "others would be asked");
  }

  private static void note(
      ViewerExchange exchange, AccessPolicy policy, String decision, @Nullable String because) {
    Explanation why = exchange.explanation();
    if (why == null) {
      return;
    }
    List<Object> all = new ArrayList<>();
    if (why.noted(ACCESS) instanceof List<?> before) {
      all.addAll(before);
    }
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("policy", policy.id());
    said.put("decision", decision);
    Explained.put(said, "because", because);
    all.add(said);
    why.note(ACCESS, all);
  }
}
