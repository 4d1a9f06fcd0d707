package dev.portico.content.control;

import dev.portico.content.change.Freeze;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that is switched on.
 *
 * @param version grows with every change; 0: nothing ever was
 * @param freeze of publishing, null: it is not frozen
 * @param blockedAddresses on the whole platform, by their text
 * @param maintenance of sites, by their names
 * @param blockedPaths of sites, by site and pattern
 * @param unreadable sort keys of items in the table that are not as Portico writes them, and hold
 *     nowhere; a freeze goes on stopping publishing
 */
@Serdeable
@Schema(name = "Controls")
record Controls(
    long version,
    @Nullable Freeze freeze,
    List<BlockedAddress> blockedAddresses,
    List<Maintenance> maintenance,
    List<BlockedPath> blockedPaths,
    List<String> unreadable) {
  static final String PARTITION = Freeze.KEY.pk();

  /** Where the version is. */
  static final Key HEAD = new Key(PARTITION, "HEAD");

  private static final Logger LOG = LoggerFactory.getLogger(Controls.class);
  private static final String UNTIL = "until";

  /** Keeps unmodifiable copies. */
  Controls {
    blockedAddresses = List.copyOf(blockedAddresses);
    maintenance = List.copyOf(maintenance);
    blockedPaths = List.copyOf(blockedPaths);
    unreadable = List.copyOf(unreadable);
  }

  /**
   * What the items of the partition say that has not ended by itself. One that cannot be read, as
   * somebody has written it by hand, must not keep the others from being changed and from holding.
   */
  static Controls of(List<Item> items, Instant now) {
    long version = 0;
    var entries = new Entries();
    var unreadable = new ArrayList<String>();
    for (Item item : items) {
      if (item.key().equals(HEAD)) {
        version = item.number("version");
      } else {
        try {
          entries.add(item, now);
        } catch (RuntimeException e) { // of the table's adapter, or of the rules for requests
          LOG.error("the item {} cannot be read, and does not hold", item.key(), e);
          unreadable.add(item.key().sk());
        }
      }
    }
    return new Controls(
        version, entries.freeze, entries.addresses, entries.maintenance, entries.paths, unreadable);
  }

  /** What was read so far. */
  private static final class Entries {
    private @Nullable Freeze freeze;
    private final List<BlockedAddress> addresses = new ArrayList<>();
    private final List<Maintenance> maintenance = new ArrayList<>();
    private final List<BlockedPath> paths = new ArrayList<>();

    /** Of what this release does not know nothing is added. */
    void add(Item item, Instant now) {
      String sk = item.key().sk();
      if (over(item, now)) {
        return;
      }
      if (item.key().equals(Freeze.KEY)) {
        freeze = Freeze.of(item);
      } else if (sk.startsWith(BlockedAddress.PREFIX)) {
        addresses.add(BlockedAddress.of(item));
      } else if (sk.startsWith(Maintenance.PREFIX)) {
        maintenance.add(Maintenance.of(item));
      } else if (sk.startsWith(BlockedPath.PREFIX)) {
        paths.add(BlockedPath.of(item));
      }
    }
  }

  /** Items of the partition that have ended by themselves, and are of no use any more. */
  static List<Key> ended(List<Item> items, Instant now) {
    return items.stream()
        // A time to live has whole seconds, which begin before the end that they stand for.
        .filter(item -> item.expired(now.minusSeconds(1)))
        .map(Item::key)
        .filter(key -> !key.equals(HEAD))
        .toList();
  }

  /** Whether there is an entry of this key. */
  boolean has(Key key) {
    return !previous(key).isEmpty()
        || (key.pk().equals(PARTITION) && unreadable.contains(key.sk()));
  }

  /**
   * Who made the entry of this key, and until when it was to hold, for the log of what takes its
   * place; nothing when there is none.
   */
  Map<String, String> previous(Key key) {
    if (freeze != null && key.equals(Freeze.KEY)) {
      return previous(freeze.by(), freeze.until());
    }
    for (BlockedAddress each : blockedAddresses) {
      if (key.equals(BlockedAddress.key(each.block()))) {
        return previous(each.by(), each.until());
      }
    }
    for (Maintenance each : maintenance) {
      if (key.equals(Maintenance.key(each.site()))) {
        return previous(each.by(), each.until());
      }
    }
    for (BlockedPath each : blockedPaths) {
      if (key.equals(BlockedPath.key(each.site(), each.pattern()))) {
        return previous(each.by(), each.until());
      }
    }
    return Map.of();
  }

  private static Map<String, String> previous(String by, @Nullable Instant until) {
    return until == null
        ? Map.of("previousBy", by)
        : Map.of("previousBy", by, "previousUntil", until.toString());
  }

  /** How many patterns of paths of a site are blocked. */
  long pathsOf(String site) {
    return blockedPaths.stream().filter(each -> each.site().equals(site)).count();
  }

  /** Facts that all entries have. */
  static Item item(
      Key key,
      Instant at,
      String by,
      @Nullable String username,
      String reason,
      @Nullable Instant until) {
    Item item =
        Item.at(key)
            .with("at", at)
            .with("by", by)
            .with("username", username)
            .with("reason", reason)
            .with(UNTIL, until);
    return until == null ? item : item.expiringAt(until);
  }

  static @Nullable Instant until(Item item) {
    return item.optionalInstant(UNTIL).orElse(null);
  }

  /**
   * A text that is as this release writes it.
   *
   * @throws IllegalStateException when it is another
   */
  static String same(String text, UnaryOperator<String> written) {
    if (!written.apply(text).equals(text)) {
      throw new IllegalStateException("not in its one form: " + text);
    }
    return text;
  }

  private static boolean over(Item item, Instant now) {
    Instant until = until(item);
    return until != null && !until.isAfter(now);
  }
}
