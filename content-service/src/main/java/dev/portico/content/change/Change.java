package dev.portico.content.change;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the feed.
 *
 * @param number its place, from 1, without gaps
 * @param type what changed; readers pass over types that they do not know
 * @param site of type {@code site}: to fetch the snapshot of; of {@code invalidation}: whose stored
 *     responses are to go, {@link #PLATFORM} for all sites; of {@code controls}: {@link #PLATFORM};
 *     null otherwise
 * @param policy of type {@code policy}: the shared policy to fetch; null otherwise
 * @param paths of an invalidation: exact, or with a final {@code *}; null otherwise
 * @param tags of an invalidation; null otherwise
 * @param committedAt when it was committed, by the clock of the copy that did; null of a record of
 *     a release that did not write it down
 */
@Serdeable
public record Change(
    long number,
    String type,
    @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) String site,
    @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) String policy,
    @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) List<String> paths,
    @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) List<String> tags,
    @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) Instant committedAt) {
  static final String SITE = "site";
  static final String INVALIDATION = "invalidation";
  static final String POLICY = "policy";
  static final String CONTROLS = "controls";

  /** In place of a site's name: the whole platform. No site can have this name. */
  public static final String PLATFORM = "*";

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

  /** That a site's snapshot is to be fetched; or of a type that a later release has written. */
  static Change of(long number, String type, String site, @Nullable Instant committedAt) {
    return new Change(number, type, site, null, null, null, committedAt);
  }

  /** That a shared policy is to be fetched. */
  static Change policy(long number, String id, @Nullable Instant committedAt) {
    return new Change(number, POLICY, null, id, null, null, committedAt);
  }

  /** That stored responses of a site are to go. */
  static Change invalidation(
      long number,
      String site,
      InvalidationSource.Invalidated what,
      @Nullable Instant committedAt) {
    return new Change(number, INVALIDATION, site, null, what.paths(), what.tags(), committedAt);
  }
}
