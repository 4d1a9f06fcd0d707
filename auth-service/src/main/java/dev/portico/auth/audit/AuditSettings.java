package dev.portico.auth.audit;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import java.time.Duration;

/**
 * How the audit log is kept. Checked at start.
 *
 * @param retention for how long an entry can be read
 */
@Context
@ConfigurationProperties("portico.audit")
public record AuditSettings(Duration retention) {
  private static final Duration SHORTEST = Duration.ofDays(1);
  private static final Duration LONGEST = Duration.ofDays(3650);

  /**
   * Refuses what could never work.
   *
   * @throws IllegalArgumentException naming the setting
   */
  public AuditSettings {
    if (retention.compareTo(SHORTEST) < 0 || retention.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("PORTICO_AUDIT_RETENTION must be between 1d and 3650d");
    }
  }
}
