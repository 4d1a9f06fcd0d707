package dev.portico.gateway.routing;

/**
 * Whose defaults hold for a deployment where hosts of sites differ (docs/serving.md, "Cloudflare
 * Pages' defaults").
 */
public enum Conventions {
  /** Portico's own: Netlify's grammar of rules, files before rules. */
  PORTICO,
  /** Those of Cloudflare Pages. */
  CLOUDFLARE_PAGES;

  /** The status with which a viewer is sent to the path at which a page is. */
  public int pageRedirect() {
    return this == CLOUDFLARE_PAGES ? 308 : 301;
  }

  /** Whether a rule holds where there is a file too, without {@code !}. */
  public boolean rulesFirst() {
    return this == CLOUDFLARE_PAGES;
  }

  /** The status of a rule that has none. */
  public int ruleStatus() {
    return this == CLOUDFLARE_PAGES ? 302 : 301;
  }

  /** Whether scripts of all other sites may read files. */
  public boolean anyOrigin() {
    return this == CLOUDFLARE_PAGES;
  }
}
