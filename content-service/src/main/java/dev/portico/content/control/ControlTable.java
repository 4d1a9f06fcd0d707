package dev.portico.content.control;

import static java.util.stream.Collectors.toSet;

import dev.portico.content.change.ChangeFeed;
import dev.portico.content.change.Freeze;
import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Outcome;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Retries;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import dev.portico.content.member.AuditLog;
import dev.portico.content.member.Caller;
import dev.portico.content.member.SiteAccess;
import dev.portico.content.site.PurgeParticipant;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is switched on, in the table: a partition of small items and a version, which each change
 * moves on, so that changes do not miss one another. An entry that is made again takes the place of
 * the one that was there.
 */
@Singleton
class ControlTable implements PurgeParticipant {
  /** Entries of a purged site that go in one transaction. */
  private static final int PURGED = 50;

  /** Entries that have ended by themselves and go with one change: DynamoDB takes days for that. */
  static final int SWEPT = 20;

  private final Table table;
  private final ChangeFeed feed;
  private final AuditLog audit;
  private final Clock clock;

  ControlTable(Table table, ChangeFeed feed, AuditLog audit, Clock clock) {
    this.table = table;
    this.feed = feed;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * Who changes what is switched on.
   *
   * @param caller who
   * @param version that it must be of now; null: any
   */
  record Editor(Caller caller, @Nullable Long version) {}

  /** All of it as it is now, strongly consistent. */
  Controls read() {
    return Controls.of(items(), clock.instant());
  }

  private List<Item> items() {
    return table.stream(Query.of(Controls.PARTITION).limit(ControlLimits.PAGE)).toList();
  }

  Controls freeze(Freeze freeze, Editor editor) {
    return add(
        editor,
        null,
        Write.put(freeze.item()),
        "platform.freeze",
        details(freeze.reason(), freeze.until()));
  }

  Controls unfreeze(Editor editor) {
    return remove(editor, null, Freeze.KEY, "platform.unfreeze", Map.of());
  }

  Controls block(BlockedAddress address, Editor editor) {
    Map<String, String> details = details(address.reason(), address.until());
    details.put("block", address.block());
    return add(editor, null, Write.put(address.item()), "address.block", details);
  }

  Controls unblock(String block, Editor editor) {
    return remove(
        editor, null, BlockedAddress.key(block), "address.unblock", Map.of("block", block));
  }

  Controls maintain(Maintenance maintenance, Editor editor) {
    Map<String, String> details = details(maintenance.reason(), maintenance.until());
    details.put("retryAfterSeconds", Integer.toString(maintenance.retryAfterSeconds()));
    if (maintenance.page() != null) {
      details.put("page", maintenance.page());
    }
    details.put("exemptAddresses", String.join(" ", maintenance.exemptAddresses()));
    return add(
        editor, maintenance.site(), Write.put(maintenance.item()), "site.maintenance", details);
  }

  Controls endMaintenance(String site, Editor editor) {
    return remove(editor, site, Maintenance.key(site), "site.maintenance.end", Map.of());
  }

  Controls block(BlockedPath path, Editor editor) {
    Map<String, String> details = details(path.reason(), path.until());
    details.put("pattern", path.pattern());
    return add(editor, path.site(), Write.put(path.item()), "path.block", details);
  }

  Controls unblock(String site, String pattern, Editor editor) {
    return remove(
        editor, site, BlockedPath.key(site, pattern), "path.unblock", Map.of("pattern", pattern));
  }

  /** Whoever takes the name next starts with nothing. */
  @Override
  public void purge(String site, Runnable still) {
    while (!keys(read(), site).isEmpty()) {
      still.run();
      change(
          null,
          null,
          now -> {
            var writes = new ArrayList<Write>();
            keys(now, site).stream().limit(PURGED).map(Write::delete).forEach(writes::add);
            if (!writes.isEmpty()) {
              Map<String, String> details =
                  Map.of("site", site, "entries", Integer.toString(writes.size()));
              writes.add(audit.entry(AuditLog.PLATFORM, "site.purge", details));
            }
            return writes;
          });
    }
  }

  private static List<Key> keys(Controls now, String site) {
    return Stream.concat(
            now.maintenance().stream()
                .filter(each -> each.site().equals(site))
                .map(each -> Maintenance.key(site)),
            now.blockedPaths().stream()
                .filter(each -> each.site().equals(site))
                .map(each -> BlockedPath.key(site, each.pattern())))
        .toList();
  }

  private Controls add(
      Editor editor,
      @Nullable String site,
      Write.Put put,
      String action,
      Map<String, String> details) {
    if (site != null && site.length() > ControlLimits.SITE) {
      throw Problem.notFound("A site of so long a name");
    }
    return change(
        editor.version(),
        site,
        now -> {
          if (!now.has(put.key())) {
            requireRoom(now, put.key(), site);
          }
          var writes = new ArrayList<Write>();
          writes.add(put);
          if (site != null) {
            writes.add(Write.check(SiteAccess.siteKey(site), Condition.exists()));
          }
          var logged = new LinkedHashMap<>(details);
          logged.putAll(now.previous(put.key()));
          writes.addAll(entries(editor.caller(), site, action, logged));
          return writes;
        });
  }

  private static void requireRoom(Controls now, Key added, @Nullable String site) {
    if (added.sk().startsWith(BlockedAddress.PREFIX)) {
      requireRoom(
          now.blockedAddresses().size(),
          BlockedAddress.PREFIX,
          now,
          ControlLimits.ADDRESSES,
          "blocks of addresses can be blocked. Block fewer, wider ones.");
    } else if (added.sk().startsWith(Maintenance.PREFIX)) {
      requireRoom(
          now.maintenance().size(),
          Maintenance.PREFIX,
          now,
          ControlLimits.MAINTENANCE,
          "sites can show a maintenance page. End some.");
    } else if (added.sk().startsWith(BlockedPath.PREFIX)) {
      requireRoom(
          now.blockedPaths().size(),
          BlockedPath.PREFIX,
          now,
          ControlLimits.PATHS,
          "patterns of paths can be blocked. Block fewer, wider ones.");
      if (site != null && now.pathsOf(site) >= ControlLimits.PATHS_OF_SITE) {
        throw tooMany(
            ControlLimits.PATHS_OF_SITE,
            "patterns of paths of one site can be blocked. Block fewer, wider ones.");
      }
    }
  }

  /** Each kind has room of its own; of the freeze there is one. */
  private static void requireRoom(int size, String prefix, Controls now, int most, String what) {
    long unreadable = now.unreadable().stream().filter(sk -> sk.startsWith(prefix)).count();
    if (size + unreadable >= most) {
      throw tooMany(most, what);
    }
  }

  private static Problem tooMany(int most, String what) {
    return Problem.conflict("too-many-controls", "At most %,d %s".formatted(most, what));
  }

  /** Ends an entry; nothing is changed when there is none. */
  private Controls remove(
      Editor editor, @Nullable String site, Key key, String action, Map<String, String> details) {
    return change(
        editor.version(),
        site,
        now -> {
          if (!now.has(key)) {
            return List.of();
          }
          var writes = new ArrayList<Write>();
          writes.add(Write.delete(key));
          writes.addAll(entries(editor.caller(), site, action, details));
          return writes;
        });
  }

  /**
   * In the platform's audit log, and, that it was and no more, in that of the site that it is
   * about: what admins tell each other, and where they work from, is not for all its members.
   */
  private List<Write> entries(
      Caller caller, @Nullable String site, String action, Map<String, String> details) {
    if (site == null) {
      return List.of(audit.entry(caller, AuditLog.PLATFORM, action, details));
    }
    var named = new LinkedHashMap<>(details);
    named.put("site", site);
    return List.of(
        audit.entry(caller, AuditLog.PLATFORM, action, named),
        audit.entry(caller, site, action, Map.of()));
  }

  private static Map<String, String> details(String reason, @Nullable Instant until) {
    var details = new LinkedHashMap<String, String>();
    details.put("reason", reason);
    if (until != null) {
      details.put("until", until.toString());
    }
    return details;
  }

  private Controls change(
      @Nullable Long version, @Nullable String site, Function<Controls, List<Write>> change) {
    var retries = new Retries();
    while (true) {
      Instant time = clock.instant();
      List<Item> items = items();
      Controls now = Controls.of(items, time);
      if (version != null && version != now.version()) {
        throw Problem.preconditionFailed(
            "What is switched on has changed: it is of version " + now.version() + " now.");
      }
      List<Write> writes = change.apply(now);
      if (writes.isEmpty()) {
        return now;
      }
      var all = new ArrayList<Write>(writes);
      Set<Key> written = writes.stream().map(Write::key).collect(toSet());
      Controls.ended(items, time).stream()
          .filter(key -> !written.contains(key))
          .limit(SWEPT)
          .map(Write::delete)
          .forEach(all::add);
      all.add(
          Write.update(Controls.HEAD)
              .set("version", now.version() + 1)
              .when(
                  now.version() == 0
                      ? Condition.notExists()
                      : Condition.equal("version", now.version())));
      Outcome outcome = feed.commitControls(all);
      if (outcome.written()) {
        return read();
      }
      if (site != null) {
        outcome
            .failure(SiteAccess.siteKey(site))
            .ifPresent(
                failure -> {
                  throw Problem.notFound("The site " + site);
                });
      }
      retries.pause();
    }
  }
}
