package dev.portico.content.deployment;

import java.util.Locale;

/** Where a deployment is in its life. */
enum DeploymentState {
  /** Its manifest is known, files may still be missing; forgotten after a day. */
  UPLOADING,
  /** Complete and unchangeable: can be viewed and activated. */
  SEALED,
  /** Gone for viewers; its manifest is kept for the grace period. */
  DELETED;

  /** As stored and as the API says it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static DeploymentState of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
