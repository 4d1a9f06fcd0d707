package dev.portico.gateway.cache.store;

import dev.portico.gateway.cache.semantics.StoredResponse;
import dev.portico.gateway.cache.semantics.VaryRule;
import dev.portico.gateway.exchange.HeaderFields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The responses stored under one key, for requests that differ in what Vary names. Immutable. Each
 * instance has a use of its own of every body in it.
 */
final class Variants {
  /** A Vary of something that is different in every request must not fill the cache. */
  static final int MOST = 16;

  private static final StoredEntry[] NONE = {};

  // Nearly always there is one, and every object of an entry counts.
  private final StoredEntry newest;
  private final StoredEntry[] others;

  private Variants(StoredEntry newest, StoredEntry[] others) {
    this.newest = newest;
    this.others = others;
  }

  private static Variants of(List<StoredEntry> entries) {
    int older = entries.size() - 1;
    StoredEntry[] others =
        older == 0 ? NONE : entries.subList(0, older).toArray(StoredEntry[]::new);
    return new Variants(entries.getLast(), others);
  }

  /** One entry, whose use passes to the new instance. */
  static Variants of(StoredEntry entry) {
    return new Variants(entry, NONE);
  }

  /**
   * These and a newer one, in place of those that would have answered its request: an origin that
   * changes its Vary must not leave behind what is preferred to its answers.
   *
   * @param added its use passes to the new instance
   * @param outdated which of these they are
   */
  Variants plus(StoredEntry added, Predicate<StoredResponse> outdated) {
    List<StoredEntry> next = new ArrayList<>(others.length + 2);
    for (StoredEntry entry : entries()) {
      if (!outdated.test(entry.response())) {
        next.add(entry);
      }
    }
    if (next.size() >= MOST) {
      next.remove(oldest(next));
    }
    use(next);
    next.add(added);
    return of(next);
  }

  /**
   * These with one replaced.
   *
   * @param old one of them
   * @param added its use passes to the new instance
   */
  Variants replace(StoredEntry old, StoredEntry added) {
    List<StoredEntry> next = entries();
    next.remove(old);
    use(next);
    next.add(added);
    return of(next);
  }

  /** These without one; null when none is left. */
  @Nullable Variants minus(StoredEntry removed) {
    List<StoredEntry> next = entries();
    next.remove(removed);
    use(next);
    return next.isEmpty() ? null : of(next);
  }

  /**
   * The one that is the same as another: itself, or the same response loaded once more from a
   * second tier. Null when it is not among them.
   */
  @Nullable StoredEntry same(StoredEntry other) {
    for (StoredEntry entry : entries()) {
      if (entry == other || entry.response().equals(other.response())) {
        return entry;
      }
    }
    return null;
  }

  private static void use(List<StoredEntry> kept) {
    for (StoredEntry entry : kept) {
      if (!entry.body().use()) {
        throw new IllegalStateException("the body of an entry in use was given up");
      }
    }
  }

  private static StoredEntry oldest(List<StoredEntry> entries) {
    StoredEntry oldest = entries.getFirst();
    for (StoredEntry entry : entries) {
      if (entry.response().date() < oldest.response().date()) {
        oldest = entry;
      }
    }
    return oldest;
  }

  /** The entry to use for a request, or null when none fits. */
  @Nullable StoredEntry choose(HeaderFields request) {
    if (others.length == 0) {
      return newest.response().matches(request) ? newest : null;
    }
    List<StoredEntry> entries = entries();
    List<StoredResponse> responses = entries.stream().map(StoredEntry::response).toList();
    StoredResponse chosen = StoredResponse.choose(responses, request);
    return chosen == null ? null : entries.get(responses.indexOf(chosen));
  }

  /** What the origin looks at besides the key, as far as its answers have shown. */
  VaryRule rule() {
    return newest.response().vary();
  }

  int weight() {
    long weight = 0;
    for (StoredEntry entry : entries()) {
      weight += entry.weight();
    }
    return (int) Math.min(Integer.MAX_VALUE, weight);
  }

  /** All of them in a list of the caller's own, the newest last. */
  List<StoredEntry> entries() {
    List<StoredEntry> all = new ArrayList<>(Arrays.asList(others));
    all.add(newest);
    return all;
  }

  /** Ends this instance's uses; called once, when it leaves the store. */
  void giveUp() {
    entries().forEach(entry -> entry.body().giveUp());
  }
}
