package dev.portico.gateway.access.rule;

import java.util.List;

/** What an external authorizer says of a request. */
public sealed interface AuthorizerVerdict {
  /**
   * It lets it in.
   *
   * @param context fields that origins are told: names and values in turn
   */
  record Admits(List<String> context) implements AuthorizerVerdict {
    /** Copies the list. */
    public Admits {
      context = List.copyOf(context);
    }
  }

  /** It does not. */
  record Refuses() implements AuthorizerVerdict {}

  /** It gave no answer that says either. */
  record Unavailable() implements AuthorizerVerdict {}
}
