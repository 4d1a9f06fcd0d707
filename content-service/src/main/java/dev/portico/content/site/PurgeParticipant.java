package dev.portico.content.site;

/** Features that keep facts of a site elsewhere remove them here when the site is purged. */
public interface PurgeParticipant {
  /**
   * Removes everything of the site. Repeated after a failure, so it must not mind what is gone.
   *
   * @param site a site that can no longer be restored
   */
  void purge(String site);
}
