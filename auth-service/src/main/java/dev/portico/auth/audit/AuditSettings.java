package dev.portico.auth.audit;

import static dev.portico.auth.SettingBounds.requireWithin;

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
    requireWithin("PORTICO_AUDIT_RETENTION", retention, SHORTEST, LONGEST);
  }
}
