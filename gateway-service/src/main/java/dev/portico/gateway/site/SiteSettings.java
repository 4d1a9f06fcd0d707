package dev.portico.gateway.site;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.util.Locale;

/**
 * Where sites have their names.
 *
 * @param domain the domain of all sites (PORTICO_SITE_DOMAIN)
 */
@ConfigurationProperties("portico.site")
public record SiteSettings(@Bindable(defaultValue = "localhost") String domain) {
  /** Host names compare in lower case. */
  public SiteSettings {
    if (domain.isBlank()) {
      throw new IllegalArgumentException("PORTICO_SITE_DOMAIN must name a domain");
    }
    domain = domain.toLowerCase(Locale.ROOT);
  }
}
