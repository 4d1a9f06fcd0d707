package dev.portico.content.site;

/** Features that keep facts of a site elsewhere remove them here when the site is purged. */
public interface PurgeParticipant {
  /**
   * Removes everything of the site. Repeated after a failure, so it must not mind what is gone.
   *
   * @param site a site that can no longer be restored
   * @param still to be called before each few deletions: throws when the site is not, or is no
   *     longer, this caller's to purge
   */
  void purge(String site, Runnable still);
}
