package dev.portico.gateway.site;

/** What came of asking for the settings of a preview. */
sealed interface SettingsAnswer {
  /** There are none of its own: it has the site's. */
  SettingsAnswer NONE = new None();

  /** Its portico.yml and the site's settings do not go together: nothing can be said for it. */
  SettingsAnswer REFUSED = new Refused();

  /** Content-service could not be asked. */
  SettingsAnswer FAILED = new Failed();

  /**
   * The settings were read.
   *
   * @param settings what holds for it, without the policies that sites share
   * @param bytes how long they were as JSON
   */
  record Found(SiteSettings settings, int bytes) implements SettingsAnswer {}

  /** See {@link #NONE}. */
  record None() implements SettingsAnswer {}

  /** See {@link #REFUSED}. */
  record Refused() implements SettingsAnswer {}

  /** See {@link #FAILED}. */
  record Failed() implements SettingsAnswer {}
}
