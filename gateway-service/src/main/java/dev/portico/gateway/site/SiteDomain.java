package dev.portico.gateway.site;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.util.Locale;

/**
 * Where sites have their names.
 *
 * @param sites the domain of all sites (PORTICO_SITE_DOMAIN)
 */
@ConfigurationProperties("portico.domain")
public record SiteDomain(String sites) {
  /** Host names compare in lower case. */
  public SiteDomain {
    if (sites.isBlank()) {
      throw new IllegalArgumentException("PORTICO_SITE_DOMAIN must name a domain");
    }
    sites = sites.toLowerCase(Locale.ROOT);
  }
}
