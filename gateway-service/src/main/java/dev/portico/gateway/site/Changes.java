package dev.portico.gateway.site;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What changed since a position of the feed: deploy/contracts/changes-response.json.
 *
 * @param position the feed's position after these changes
 * @param mark to be sent with that position; null from a content-service without marks
 * @param sites names of the sites that changed, each once, oldest change first
 */
record Changes(long position, @Nullable String mark, List<String> sites) {
  Changes {
    sites = List.copyOf(sites);
  }
}
