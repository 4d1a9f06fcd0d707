package dev.portico.content.change;

import java.util.List;
import java.util.Optional;

/** Tells what an invalidation in the feed names; the feature that owns invalidations does. */
public interface InvalidationSource {
  /** What it names; empty when it is not there any more. */
  Optional<Invalidated> invalidated(String site, String id);

  /**
   * Which stored responses are to go.
   *
   * @param paths exact, or with a final {@code *}
   * @param tags cache tags
   */
  record Invalidated(List<String> paths, List<String> tags) {
    /** Every response of the site. */
    public static final Invalidated ALL = new Invalidated(List.of("/*"), List.of());

    /** Keeps unmodifiable copies. */
    public Invalidated {
      paths = List.copyOf(paths);
      tags = List.copyOf(tags);
    }
  }
}
