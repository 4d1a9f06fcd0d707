package dev.portico.content.deployment.csp;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;

/**
 * A policy that was computed from a deployment.
 *
 * @param policy value for Content-Security-Policy
 * @param reportOnly value for Content-Security-Policy-Report-Only, with which browsers report to
 *     the site what the policy would not allow, and allow it
 * @param length of the policy, in bytes
 * @param fits whether a response headers policy takes a value as long as this
 * @param complete whether all pages and style sheets were looked at, and all that they need is in
 *     it
 * @param pages how many HTML files were looked at; the same content counts once
 * @param styleSheets how many CSS files were looked at
 * @param sources what it allows beyond the site's own files, and why
 * @param findings what does not work under it, or weakens it; at most {@link
 *     PolicyBuilder#MOST_FINDINGS}
 */
@Serdeable
public record ComputedPolicy(
    String policy,
    String reportOnly,
    int length,
    boolean fits,
    boolean complete,
    int pages,
    int styleSheets,
    List<UsedSource> sources,
    List<Finding> findings) {
  /** Keeps unmodifiable copies. */
  public ComputedPolicy {
    sources = List.copyOf(sources);
    findings = List.copyOf(findings);
  }
}
