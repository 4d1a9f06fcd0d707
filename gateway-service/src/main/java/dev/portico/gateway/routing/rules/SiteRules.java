package dev.portico.gateway.routing.rules;

/**
 * What a deployment says about how its paths are answered; compiled once, with its files.
 *
 * @param redirects of its {@code _redirects}
 * @param headers of its {@code _headers}
 */
public record SiteRules(RedirectRules redirects, HeaderRules headers) {
  /** Of a deployment that says nothing. */
  public static final SiteRules NONE = new SiteRules(RedirectRules.NONE, HeaderRules.NONE);

  /** About what they keep in memory, in bytes. */
  public long footprint() {
    return redirects.footprint() + headers.footprint();
  }
}
