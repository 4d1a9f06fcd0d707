package dev.portico.gateway.site;

import java.util.List;

/**
 * What changed since a position of the feed: deploy/contracts/changes-response.json.
 *
 * @param position the feed's position after these changes
 * @param sites names of the sites that changed, each once, oldest change first
 */
record Changes(long position, List<String> sites) {
  Changes {
    sites = List.copyOf(sites);
  }
}
