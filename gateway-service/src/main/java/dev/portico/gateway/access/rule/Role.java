package dev.portico.gateway.access.rule;

import java.util.Locale;

/** What an account is to a site, the least first. */
public enum Role {
  /** May look. */
  VIEWER,
  /** May publish too. */
  PUBLISHER,
  /** May do everything. */
  OWNER;

  /**
   * The role of this name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Role of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** As documents have it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
