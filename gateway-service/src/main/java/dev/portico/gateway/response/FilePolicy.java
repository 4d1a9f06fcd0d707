package dev.portico.gateway.response;

import dev.portico.gateway.routing.rules.FieldEdits;
import java.time.Instant;

/**
 * How a site wants its files answered.
 *
 * @param sealedAt when the deployment was sealed; its files' Last-Modified
 * @param immutableAssets whether files with a hash in their name may be cached for a year
 * @param preview whether search engines are to be kept away
 * @param edits what the deployment changes about the fields of responses
 * @param anyOrigin whether scripts of all other sites may read files
 * @param vary names of fields that a rule looked at before this file was selected; empty for none
 */
public record FilePolicy(
    Instant sealedAt,
    boolean immutableAssets,
    boolean preview,
    boolean anyOrigin,
    FieldEdits edits,
    String vary) {
  /** Of a deployment without rules for this. */
  public FilePolicy(Instant sealedAt, boolean immutableAssets, boolean preview) {
    this(sealedAt, immutableAssets, preview, false, FieldEdits.NONE, "");
  }
}
