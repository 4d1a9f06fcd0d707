package dev.portico.gateway.routing;

import org.jspecify.annotations.Nullable;

/** What a host name says about the site behind it, before any site is looked up. */
public sealed interface SiteHost {
  /** Separates a preview's label from the name of the site. */
  String LABEL_END = "--";

  /**
   * {@code {site}.{site domain}}: what the site has activated.
   *
   * @param site name of the site
   */
  record Live(String site) implements SiteHost {}

  /**
   * {@code {label}--{site}.{site domain}}: one deployment, by its id or by an alias.
   *
   * @param label a deployment's id or an alias
   * @param site name of the site
   */
  record Preview(String label, String site) implements SiteHost {}

  /**
   * Any other name: a site's own host name, perhaps.
   *
   * @param host the whole name
   */
  record Custom(String host) implements SiteHost {}

  /**
   * Takes a host name apart. No name of a site, deployment or alias holds {@code --} (design,
   * section 4), so the first one separates them.
   *
   * @param host lower case, without port and without final dot
   * @param siteDomain the domain of all sites, lower case
   */
  static SiteHost parse(String host, String siteDomain) {
    int labelEnd = host.length() - siteDomain.length() - 1;
    if (labelEnd <= 0 || host.charAt(labelEnd) != '.' || !host.endsWith(siteDomain)) {
      return new Custom(host);
    }
    if (host.lastIndexOf('.', labelEnd - 1) >= 0) {
      return new Custom(host);
    }
    int separator = host.indexOf(LABEL_END);
    if (separator < 0 || separator >= labelEnd) {
      return new Live(host.substring(0, labelEnd));
    }
    return new Preview(
        host.substring(0, separator), host.substring(separator + LABEL_END.length(), labelEnd));
  }

  /** The label of a preview's host name: a deployment's id or an alias; null of any other name. */
  static @Nullable String label(String host) {
    int separator = host.indexOf(LABEL_END);
    return separator > 0 ? host.substring(0, separator) : null;
  }
}
