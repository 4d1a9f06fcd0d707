package dev.portico.gateway.access.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/** What came of questions about sessions. */
@Singleton
final class SessionCounts {
  private final Counter active;
  private final Counter ended;
  private final Counter failed;
  private final Counter unconfirmed;

  SessionCounts(MeterRegistry registry) {
    this.active = questions(registry, "active");
    this.ended = questions(registry, "ended");
    this.failed = questions(registry, "failed");
    this.unconfirmed =
        Counter.builder("portico.sessions.unconfirmed")
            .description("Requests with a known session that auth-service could not confirm")
            .register(registry);
  }

  private static Counter questions(MeterRegistry registry, String outcome) {
    return Counter.builder("portico.session.questions")
        .description("Questions to auth-service about sessions")
        .tag("outcome", outcome)
        .register(registry);
  }

  void answered(Session session) {
    (session.over() ? ended : active).increment();
  }

  void failed() {
    failed.increment();
  }

  void unconfirmed() {
    unconfirmed.increment();
  }
}
