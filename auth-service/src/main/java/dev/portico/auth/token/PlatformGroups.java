package dev.portico.auth.token;

/** The groups of the pool that mean something to the platform, as tokens name them. */
public final class PlatformGroups {
  /** The group whose members administer the platform. */
  public static final String ADMINS = "admins";

  private PlatformGroups() {}
}
