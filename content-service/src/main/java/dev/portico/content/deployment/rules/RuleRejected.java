package dev.portico.content.deployment.rules;

/** A line is at fault; its message is what the publisher is told. Never leaves this package. */
final class RuleRejected extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  RuleRejected(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
