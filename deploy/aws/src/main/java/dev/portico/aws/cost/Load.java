package dev.portico.aws.cost;

/**
 * What happens in a month.
 *
 * @param requests of viewers
 * @param gigabytes sent to viewers
 * @param misses requests that no cache answers
 * @param apiRequests of them that are for an API behind the sites
 * @param edgeRequests of them that a function looks at
 * @param publications of sites
 * @param files that a publication changes
 * @param sites that there are
 * @param siteGigabytes of files of each, with the deployments that are kept
 */
public record Load(
    double requests,
    double gigabytes,
    double misses,
    double apiRequests,
    double edgeRequests,
    double publications,
    double files,
    double sites,
    double siteGigabytes) {
  /** Of all sites' files, in GB. */
  double storedGigabytes() {
    return sites * siteGigabytes;
  }
}
