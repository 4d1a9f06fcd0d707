package dev.portico.content.change;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the feed.
 *
 * @param number its place, from 1, without gaps
 * @param type what changed; readers pass over types that they do not know
 * @param site of type {@code site}: to fetch the snapshot of; of {@code invalidation}: whose stored
 *     responses are to go
 * @param paths of an invalidation: exact, or with a final {@code *}; null otherwise
 * @param tags of an invalidation; null otherwise
 */
@Serdeable
public record Change(
    long number,
    String type,
    String site,
    @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) List<String> paths,
    @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) List<String> tags) {
  static final String SITE = "site";
  static final String INVALIDATION = "invalidation";

  /** Keeps unmodifiable copies. */
  public Change {
    paths = paths == null ? null : List.copyOf(paths);
    tags = tags == null ? null : List.copyOf(tags);
  }

  /** How many characters its paths and tags have. */
  long size() {
    return length(paths) + length(tags);
  }

  private static long length(@Nullable List<String> texts) {
    return texts == null ? 0 : texts.stream().mapToLong(String::length).sum();
  }

  /** That stored responses of a site are to go. */
  static Change invalidation(long number, String site, InvalidationSource.Invalidated what) {
    return new Change(number, INVALIDATION, site, what.paths(), what.tags());
  }
}
