package dev.portico.content.invalidation;

import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which invalidations of a site are in progress and how much each names, and how fast it has made
 * them, for the limits on all of them together: one item, written with each new one on condition
 * that nobody else wrote it. Who is completed leaves it when the next one comes.
 *
 * @param key of the item
 * @param version of the item, 0: there is none
 * @param sizes number in the feed → how much it names
 * @param pace how fast the site has made invalidations
 */
record InProgress(Key key, long version, Map<Long, Size> sizes, Pace pace) {
  private static final String SIZES = "sizes";
  private static final String VERSION = "version";
  private static final String PACE = "pace";

  /** How much an invalidation names. */
  record Size(int paths, int wildcards, int tags) {
    private static Size of(String text) {
      String[] parts = text.split(" ", -1);
      return new Size(
          Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    private static Size of(Batch batch) {
      return new Size(batch.singlePaths(), batch.wildcards(), batch.tags().size());
    }

    private Size plus(Size other) {
      return new Size(paths + other.paths, wildcards + other.wildcards, tags + other.tags);
    }

    private String text() {
      return paths + " " + wildcards + " " + tags;
    }
  }

  /** Keeps an unmodifiable copy. */
  InProgress {
    sizes = Map.copyOf(sizes);
  }

  /**
   * Reads a site's.
   *
   * @param completed all up to this number are
   */
  static InProgress read(Table table, String site, long completed) {
    Key key = new Key(InvalidationTable.partition(site), "INVALIDATIONS");
    Optional<Item> item = table.get(key);
    var sizes = new LinkedHashMap<Long, Size>();
    item.map(found -> found.map(SIZES))
        .orElse(Map.of())
        .forEach(
            (number, size) -> {
              if (Long.parseLong(number) > completed) {
                sizes.put(Long.valueOf(number), Size.of(size));
              }
            });
    return new InProgress(
        key,
        item.map(found -> found.number(VERSION)).orElse(0L),
        sizes,
        new Pace(item.map(found -> found.number(PACE, 0)).orElse(0L)));
  }

  /**
   * Checks that there is room for one more.
   *
   * @throws Problem 429 when there is not
   */
  void require(Batch batch) {
    Size all = Size.of(batch);
    for (Size size : sizes.values()) {
      all = all.plus(size);
    }
    require(sizes.size() + 1, InvalidationLimits.IN_PROGRESS, "invalidations");
    require(all.paths(), InvalidationLimits.PATHS_IN_PROGRESS, "paths without a wildcard");
    require(all.wildcards(), InvalidationLimits.WILDCARDS_IN_PROGRESS, "paths with a wildcard");
    require(all.tags(), InvalidationLimits.TAGS_IN_PROGRESS, "tags");
  }

  private static void require(int wanted, int most, String what) {
    if (wanted > most) {
      throw Problem.of(
              429,
              "too-many-invalidations",
              "Too many invalidations in progress",
              "A site has at most %d %s in progress; this would make it %d."
                  .formatted(most, what, wanted))
          .retryAfter(Duration.ofSeconds(1));
    }
  }

  /**
   * Stores this and one more; refused when another has been added meanwhile.
   *
   * @param next the pace with one more
   */
  Write add(long number, Batch batch, Pace next) {
    var texts = new LinkedHashMap<String, String>();
    sizes.forEach((each, size) -> texts.put(Long.toString(each), size.text()));
    texts.put(Long.toString(number), Size.of(batch).text());
    return Write.put(
            Item.at(key).with(VERSION, version + 1).with(PACE, next.whole()).withMap(SIZES, texts))
        .when(version == 0 ? Condition.notExists() : Condition.equal(VERSION, version));
  }
}
