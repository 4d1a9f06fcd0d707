package dev.portico.gateway.site;

import com.fasterxml.jackson.core.JsonParser;
import dev.portico.gateway.cache.store.Purge;
import dev.portico.gateway.site.Changes.Invalidated;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
  private boolean policies;
  private final Set<String> sites = new LinkedHashSet<>();
  private final Map<String, Instant> committed = new HashMap<>();
  private final List<Invalidated> invalidations = new ArrayList<>();
  private boolean controls;

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
    return new Changes(
        position,
        mark,
        lease,
        more,
        policies,
        List.copyOf(sites),
        committed,
        invalidations,
        controls);
  }

  private void readChange(JsonParser json) throws IOException {
    Change change = new Change();
    ContractJson.object(json, change);
    if (change.type.equals("policy")) {
      policies = true; // All are read: there are few.
      return;
    }
    String site = change.site;
    if (site == null) {
      return;
    }
    switch (change.type) {
      case "site" -> {
        // The last change counts: one look at the site covers all of them.
        sites.remove(site);
        sites.add(site);
        Instant at = change.committedAt;
        if (at != null) {
          committed.merge(site, at, FeedDelay::earlier);
        }
      }
      case "invalidation" -> {
        for (Purge what : change.purges()) {
          invalidations.add(new Invalidated(site, what));
        }
      }
      case "controls" -> controls = true;
      default -> LOG.debug("a change of an unknown type is passed over: {}", change.type);
    }
  }

  /** One change while its fields arrive. */
  private static final class Change implements ContractJson.Field {
    private String type = "";
    private @Nullable String site;
    private @Nullable Instant committedAt;
    private final List<String> paths = new ArrayList<>();
    private final List<String> tags = new ArrayList<>();

    @Override
    public void read(String name, JsonParser json) throws IOException {
      switch (name) {
        case "type" -> type = json.getText();
        case "site" -> site = json.getText();
        case "committedAt" -> committedAt = time(json);
        case "paths" -> ContractJson.array(json, () -> paths.add(json.getText()));
        case "tags" -> ContractJson.array(json, () -> tags.add(json.getText()));
        default -> json.skipChildren();
      }
    }

    /** Only measured by: one that cannot be read must not keep the feed from being followed. */
    private static @Nullable Instant time(JsonParser json) throws IOException {
      try {
        return Instant.parse(json.getText());
      } catch (DateTimeParseException e) {
        LOG.debug("a time that is none is passed over: {}", e.getMessage());
        return null;
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
