package dev.portico.gateway.cache.store;

import dev.portico.gateway.cache.key.KeyedUri;
import dev.portico.gateway.cache.semantics.CacheTags;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * What of one site was invalidated, each with the number that it has among all invalidations. One
 * writes at a time; whoever reads sees what was written before the number that it has read was
 * published.
 */
final class SiteInvalidations {
  /** Of one path so many URIs are told apart; after that all of the path is invalid. */
  static final int MOST_URIS = 16;

  private final ConcurrentMap<String, Long> paths = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Long> tags = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, List<UriMark>> uris = new ConcurrentHashMap<>();
  private volatile @Nullable PrefixMark prefixes;
  private volatile long all;

  /** Pieces of a query by which a URI is told from others of its path; with more the path goes. */
  static final int MOST_PIECES = 32;

  private static final int MOST_CHARACTERS = 1_024;

  private record UriMark(KeyedUri target, long at) {}

  /** A list, the newest first. */
  private record PrefixMark(String start, long at, @Nullable PrefixMark older) {}

  // One at a time.

  void add(Purge what, long at) {
    switch (what) {
      case Purge.All ignored -> everything(at);
      case Purge.Path path -> path(path.path(), at);
      case Purge.Prefix prefix -> prefixes = new PrefixMark(prefix.start(), at, prefixes);
      case Purge.Tag tag -> tags.put(tag.tag(), at);
      case Purge.Uri uri -> uri(uri.target(), at);
    }
  }

  /** Before what it makes superfluous is dropped: a reader finds the one or the other. */
  private void everything(long at) {
    all = at;
    forget(at);
  }

  private void path(String path, long at) {
    paths.put(path, at);
    uris.remove(path);
  }

  private void uri(KeyedUri target, long at) {
    List<UriMark> marks = new ArrayList<>(uris.getOrDefault(target.path(), List.of()));
    marks.removeIf(mark -> mark.target().equals(target));
    if (marks.size() == MOST_URIS || isLong(target)) {
      path(target.path(), at);
    } else {
      marks.add(new UriMark(target, at));
      uris.put(target.path(), List.copyOf(marks));
    }
  }

  /** Whether its query would take more memory, and more time to compare, than it is worth. */
  private static boolean isLong(KeyedUri target) {
    int characters = 0;
    for (String piece : target.query()) {
      characters += piece.length();
    }
    return target.query().size() > MOST_PIECES || characters > MOST_CHARACTERS;
  }

  /** Drops all that happened up to a number. */
  void forget(long upTo) {
    paths.values().removeIf(at -> at <= upTo);
    tags.values().removeIf(at -> at <= upTo);
    uris.values().removeIf(marks -> marks.stream().allMatch(mark -> mark.at() <= upTo));
    prefixes = newerThan(upTo, prefixes);
  }

  private static @Nullable PrefixMark newerThan(long upTo, @Nullable PrefixMark newest) {
    List<PrefixMark> kept = new ArrayList<>();
    for (PrefixMark mark = newest; mark != null && mark.at() > upTo; mark = mark.older()) {
      kept.add(mark);
    }
    PrefixMark list = null;
    for (PrefixMark mark : kept.reversed()) {
      list = new PrefixMark(mark.start(), mark.at(), list);
    }
    return list;
  }

  /** How many records there are, each of about 200 bytes. */
  int size() {
    int size = paths.size() + tags.size();
    for (List<UriMark> marks : uris.values()) {
      size += marks.size();
    }
    for (PrefixMark mark = prefixes; mark != null; mark = mark.older()) {
      size++;
    }
    return size;
  }

  /** Whether nothing at all was invalidated after a number. */
  boolean isEmptyAfter(long upTo) {
    return all <= upTo && size() == 0;
  }

  // From any thread.

  /** Whether a response of this URI with these tags was invalidated after a number. */
  boolean touch(KeyedUri uri, CacheTags ofResponse, long since) {
    // Last of all what takes the place of the others: nothing falls between the two.
    return touchesPath(uri, since) || touchesTag(ofResponse, since) || all > since;
  }

  private boolean touchesPath(KeyedUri uri, long since) {
    for (UriMark mark : uris.getOrDefault(uri.path(), List.of())) {
      if (mark.at() > since && uri.answersFor(mark.target())) {
        return true;
      }
    }
    if (paths.getOrDefault(uri.path(), 0L) > since) {
      return true;
    }
    for (PrefixMark mark = prefixes; mark != null && mark.at() > since; mark = mark.older()) {
      if (uri.path().startsWith(mark.start())) {
        return true;
      }
    }
    return false;
  }

  private boolean touchesTag(CacheTags ofResponse, long since) {
    if (!tags.isEmpty()) {
      for (String tag : ofResponse.tags()) {
        if (tags.getOrDefault(tag, 0L) > since) {
          return true;
        }
      }
    }
    return false;
  }
}
