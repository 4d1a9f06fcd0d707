package dev.portico.content.site;

import static dev.portico.content.SettingBounds.requireName;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What holds for all sites. Checked at start.
 *
 * @param domain sites live at {@code {name}.{domain}}
 * @param apiDomain where the API and sign-in are; no site may have a host there or above
 * @param url how viewers reach a label of the domain, with {@code {label}} in it; null: {@code
 *     http://{label}.localhost:8080/} under localhost, else {@code https://{label}.{domain}/}
 * @param restorable how long a deleted site can be restored
 * @param settingsHistory how long settings are kept after others took their place
 * @param hostClaim how long a host that was not proven stays reserved for the site that asked first
 * @param dnsServer {@code address:port} of the resolver that is asked for TXT records; null: the
 *     system's
 * @param dnsTimeout of one question
 */
@Context
@ConfigurationProperties("portico.site")
public record SiteSettings(
    String domain,
    String apiDomain,
    @Nullable String url,
    Duration restorable,
    Duration settingsHistory,
    Duration hostClaim,
    @Nullable String dnsServer,
    Duration dnsTimeout) {
  private static final String LABEL = "{label}";

  /**
   * Refuses what could never work.
   *
   * @throws IllegalArgumentException naming the setting
   */
  public SiteSettings {
    requireName("PORTICO_SITE_DOMAIN", domain);
    requireName("PORTICO_API_DOMAIN", apiDomain);
    if (url != null && !url.isBlank() && !url.contains(LABEL)) {
      throw new IllegalArgumentException(
          "PORTICO_SITE_URL must have " + LABEL + " in it, and is \"" + url + '"');
    }
  }

  /** The address of a site. */
  public String siteUrl(String site) {
    return urlOf(site);
  }

  /** The address of a preview: of a deployment or of an alias. */
  public String previewUrl(String site, String deploymentOrAlias) {
    return urlOf(deploymentOrAlias + "--" + site);
  }

  private String urlOf(String label) {
    if (url != null && !url.isBlank()) {
      return url.replace(LABEL, label);
    }
    boolean local = domain.equals("localhost") || domain.endsWith(".localhost");
    return local
        ? "http://" + label + "." + domain + ":8080/"
        : "https://" + label + "." + domain + "/";
  }
}
