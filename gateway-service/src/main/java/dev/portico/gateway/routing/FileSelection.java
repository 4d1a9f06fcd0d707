package dev.portico.gateway.routing;

import org.jspecify.annotations.Nullable;

/** Which file of a deployment answers a path. */
public sealed interface FileSelection {
  /**
   * This file answers.
   *
   * @param file the file itself or the index.html of the folder asked for
   */
  record Serve(SiteFile file) implements FileSelection {}

  /**
   * The page is at another path: that of a folder with its final slash, without which relative
   * links would break, or a prettier one. The viewer is sent on ({@link Conventions#pageRedirect}).
   *
   * @param location path and query, percent-encoded, starting with exactly one slash
   */
  record Redirect(String location) implements FileSelection {}

  /**
   * No file answers (404).
   *
   * @param page the deployment's own page for this, or null when it has none
   */
  record Missing(@Nullable SiteFile page) implements FileSelection {}
}
