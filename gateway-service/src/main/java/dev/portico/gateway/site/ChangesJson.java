package dev.portico.gateway.site;

import com.fasterxml.jackson.core.JsonParser;
import dev.portico.gateway.cache.store.Purge;
import dev.portico.gateway.site.Changes.Invalidated;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** deploy/contracts/changes-response.json while its fields arrive. */
final class ChangesJson implements ContractJson.Field {
  private static final Logger LOG = LoggerFactory.getLogger(ChangesJson.class);

  private long position = -1;
  private @Nullable String mark;
  private Duration lease = Changes.DEFAULT_LEASE;
  private boolean more;
  private final Set<String> sites = new LinkedHashSet<>();
  private final List<Invalidated> invalidations = new ArrayList<>();

  @Override
  public void read(String name, JsonParser json) throws IOException {
    switch (name) {
      case "position" -> position = json.getLongValue();
      case "mark" -> mark = ContractJson.text(json);
      case "leaseMillis" -> lease = Duration.ofMillis(json.getLongValue());
      case "more" -> more = json.getBooleanValue();
      case "changes" -> ContractJson.array(json, () -> readChange(json));
      default -> json.skipChildren();
    }
  }

  Changes finish() throws IOException {
    if (position < 0) {
      throw new IOException("changes without a position");
    }
    return new Changes(position, mark, lease, more, List.copyOf(sites), invalidations);
  }

  private void readChange(JsonParser json) throws IOException {
    Change change = new Change();
    ContractJson.object(json, change);
    String site = change.site;
    if (site == null) {
      return;
    }
    switch (change.type) {
      case "site" -> {
        // The last change counts: one look at the site covers all of them.
        sites.remove(site);
        sites.add(site);
      }
      case "invalidation" -> {
        for (Purge what : change.purges()) {
          invalidations.add(new Invalidated(site, what));
        }
      }
      default -> LOG.debug("a change of an unknown type is passed over: {}", change.type);
    }
  }

  /** One change while its fields arrive. */
  private static final class Change implements ContractJson.Field {
    private String type = "";
    private @Nullable String site;
    private final List<String> paths = new ArrayList<>();
    private final List<String> tags = new ArrayList<>();

    @Override
    public void read(String name, JsonParser json) throws IOException {
      switch (name) {
        case "type" -> type = json.getText();
        case "site" -> site = json.getText();
        case "paths" -> ContractJson.array(json, () -> paths.add(json.getText()));
        case "tags" -> ContractJson.array(json, () -> tags.add(json.getText()));
        default -> json.skipChildren();
      }
    }

    /** What it names; the whole site when that cannot be understood: never too little. */
    private List<Purge> purges() {
      List<Purge> purges = new ArrayList<>();
      try {
        paths.forEach(path -> purges.add(Purge.paths(path)));
        tags.forEach(tag -> purges.add(new Purge.Tag(tag)));
      } catch (IllegalArgumentException e) {
        LOG.warn("all of site {} is invalidated: {}", site, e.getMessage());
        return List.of(new Purge.All());
      }
      return purges.isEmpty() ? List.of(new Purge.All()) : purges;
    }
  }
}
