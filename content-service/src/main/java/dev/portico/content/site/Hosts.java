package dev.portico.content.site;

import dev.portico.content.change.ChangeFeed;
import dev.portico.content.change.Leases;
import dev.portico.content.conditional.IfMatch;
import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Outcome;
import dev.portico.content.dynamodb.Page;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Retries;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import dev.portico.content.member.AuditLog;
import dev.portico.content.member.Caller;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Host names of sites. An item in the site's partition lists each. A host is pending, and not
 * served, until its TXT record proves it; only then another item makes it unique among all sites,
 * so that whoever merely asks for a host keeps nobody from it: the first to prove it has it.
 */
@Singleton
class Hosts {
  static final String ACTIVE = "active";
  static final String PENDING = "pending";

  private static final Logger LOG = LoggerFactory.getLogger(Hosts.class);
  private static final String CHALLENGE = "_portico-challenge.";
  private static final String PENDING_HOSTS = "PENDING-HOSTS";
  private static final int MOST_PER_SITE = 100;
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Table table;
  private final ChangeFeed feed;
  private final Sites sites;
  private final AuditLog audit;
  private final Leases leases;
  private final TxtResolver resolver;
  private final SiteSettings settings;
  private final Clock clock;

  Hosts(
      Table table,
      ChangeFeed feed,
      Sites sites,
      AuditLog audit,
      Leases leases,
      TxtResolver resolver,
      SiteSettings settings,
      Clock clock) {
    this.table = table;
    this.feed = feed;
    this.sites = sites;
    this.audit = audit;
    this.leases = leases;
    this.resolver = resolver;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * What a request for a host led to.
   *
   * @param host as it is now
   * @param created whether the site did not have it before
   */
  record Added(Host host, boolean created) {}

  Host.HostPage list(String site, int limit, @Nullable String cursor) {
    Page page = table.query(Query.of("SITE#" + site).prefix("HOST#").limit(limit).after(cursor));
    return new Host.HostPage(page.items().stream().map(Hosts::show).toList(), page.next());
  }

  /**
   * Asks for a host, and checks its proof at once.
   *
   * @param ifMatch what it must be now
   */
  Added add(Caller caller, String site, String given, IfMatch ifMatch) {
    String host = HostName.normalise(given);
    if (host.equals(site + "." + settings.domain())) {
      Host implied = new Host(host, ACTIVE, null, null);
      ifMatch.require(implied.tag());
      return new Added(implied, false);
    }
    Optional<Item> before = table.get(listKey(site, host));
    if (before.isEmpty()) {
      refuseOwnDomains(host);
    }
    ifMatch.require(before.map(item -> show(item).tag()).orElse(null));
    if (before.isPresent()) {
      Host shown = verify(caller, site, before.get());
      if (!shown.state().equals(ACTIVE)) {
        // Asked for again: its proof is looked for as long again.
        table.write(pending(site, host));
      }
      return new Added(shown, false);
    }
    Query all = Query.of("SITE#" + site).prefix("HOST#").limit(MOST_PER_SITE);
    if (table.query(all).items().size() >= MOST_PER_SITE) {
      throw Problem.conflict("too-many-hosts", "A site has at most " + MOST_PER_SITE + " hosts.");
    }
    return new Added(verify(caller, site, claim(caller, site, host)), true);
  }

  /** The host as it is. */
  Host get(String site, String given) {
    String host = HostName.normalise(given);
    if (host.equals(site + "." + settings.domain())) {
      return new Host(host, ACTIVE, null, null);
    }
    return show(table.get(listKey(site, host)).orElseThrow(() -> unknown(host)));
  }

  /** The host as it is after its proof was looked for. */
  Host verify(Caller caller, String site, String given) {
    String host = HostName.normalise(given);
    if (host.equals(site + "." + settings.domain())) {
      return new Host(host, ACTIVE, null, null);
    }
    Item item = table.get(listKey(site, host)).orElseThrow(() -> unknown(host));
    return verify(caller, site, item);
  }

  /**
   * Takes a host from the site.
   *
   * @param ifMatch what it must be now
   */
  void remove(Caller caller, String site, String given, IfMatch ifMatch) {
    String host = HostName.normalise(given);
    Retries retries = new Retries();
    while (true) {
      Item item = table.get(listKey(site, host)).orElseThrow(() -> unknown(host));
      ifMatch.require(show(item).tag());
      String state = item.string("state");
      List<Write> writes = new ArrayList<>();
      writes.add(sites.change(site, null));
      writes.add(
          Write.delete(item.key())
              .when(
                  Condition.and(
                      Condition.equal("state", state),
                      Condition.equal("txtValue", item.string("txtValue")))));
      writes.add(Write.delete(pendingKey(site, host)));
      writes.add(audit.entry(caller, site, "host.remove", Map.of("host", host)));
      if (state.equals(ACTIVE)) {
        writes.add(Write.delete(hostKey(host)).when(Condition.equal("site", site)));
      }
      Outcome outcome = feed.commit(site, writes);
      if (outcome.written()) {
        return;
      }
      Sites.explain(outcome, site);
      retries.pause();
    }
  }

  /** Looks for the proof of all pending hosts, one copy at a time. */
  @Scheduled(fixedDelay = "1m", initialDelay = "1m", scheduler = TaskExecutors.SCHEDULED)
  void verifyPending() {
    try {
      leases.run(
          "host-verification",
          LEASE,
          lease -> table.stream(Query.of(PENDING_HOSTS)).forEach(this::verifyPending));
    } catch (RuntimeException e) {
      LOG.error("pending hosts cannot be checked now", e);
    }
  }

  private void verifyPending(Item pending) {
    String site = pending.string("site");
    String host = pending.string("host");
    Optional<Item> item = table.get(listKey(site, host));
    if (item.isEmpty() || pending.instant("until").isBefore(clock.instant())) {
      table.write(Write.delete(pending.key()));
      return;
    }
    try {
      verify(null, site, item.get());
    } catch (Problem e) {
      LOG.info("host {} of site {} stays pending: {}", host, site, e.getMessage());
    }
  }

  private Item claim(Caller caller, String site, String host) {
    Instant now = clock.instant();
    byte[] random = new byte[20];
    RANDOM.nextBytes(random);
    Item item =
        Item.at(listKey(site, host))
            .with("state", PENDING)
            .with("txtValue", "portico-" + HexFormat.of().formatHex(random))
            .with("createdAt", now);
    Outcome outcome =
        feed.commit(
            site,
            List.of(
                sites.change(site, null),
                Write.create(item),
                Write.check(hostKey(host), Condition.notExists()),
                pending(site, host),
                audit.entry(caller, site, "host.add", Map.of("host", host))));
    if (outcome.failure(hostKey(host)).isPresent()) {
      throw inUse(host);
    }
    Sites.explain(outcome, site);
    return outcome.written() ? item : table.get(item.key()).orElseThrow(() -> unknown(host));
  }

  private Write pending(String site, String host) {
    return Write.put(
        Item.at(pendingKey(site, host))
            .with("site", site)
            .with("host", host)
            .with("until", clock.instant().plus(settings.hostClaim())));
  }

  private Host verify(@Nullable Caller caller, String site, Item item) {
    Host shown = show(item);
    if (shown.state().equals(ACTIVE)
        || !resolver.values(CHALLENGE + shown.host()).contains(item.string("txtValue"))) {
      return shown;
    }
    String host = shown.host();
    Map<String, String> details = Map.of("host", host);
    Outcome outcome =
        feed.commit(
            site,
            List.of(
                sites.change(site, null),
                Write.update(item.key())
                    .set("state", ACTIVE)
                    .when(Condition.equal("txtValue", item.string("txtValue"))),
                Write.put(Item.at(hostKey(host)).with("site", site).with("state", ACTIVE))
                    .when(Condition.notExists()),
                Write.delete(pendingKey(site, host)),
                caller == null
                    ? audit.entry(site, "host.activate", details)
                    : audit.entry(caller, site, "host.activate", details)));
    if (outcome.failure(hostKey(host)).isPresent()) {
      Item current = table.get(item.key()).orElseThrow(() -> unknown(host));
      if (show(current).state().equals(ACTIVE)) {
        return show(current);
      }
      throw inUse(host);
    }
    Sites.explain(outcome, site);
    return outcome.written() ? new Host(host, ACTIVE, shown.txtName(), shown.txtValue()) : shown;
  }

  private void refuseOwnDomains(String host) {
    if (HostName.under(host, settings.domain()) || HostName.related(host, settings.apiDomain())) {
      throw Problem.unprocessable(
              "host-reserved",
              "Hosts under the domains of Portico itself, or above the API's, cannot be chosen.")
          .field("host", "is under the domain of sites, or under or above that of the API");
    }
  }

  private static Host show(Item item) {
    String host = item.key().sk().substring("HOST#".length());
    return new Host(host, item.string("state"), CHALLENGE + host, item.string("txtValue"));
  }

  static Key hostKey(String host) {
    return new Key("HOST#" + host, "HOST");
  }

  private static Key listKey(String site, String host) {
    return new Key("SITE#" + site, "HOST#" + host);
  }

  private static Key pendingKey(String site, String host) {
    return new Key(PENDING_HOSTS, host + "#" + site);
  }

  private static Problem unknown(String host) {
    return Problem.notFound("The host " + host);
  }

  private static Problem inUse(String host) {
    return Problem.conflict("host-in-use", "The host " + host + " belongs to another site.")
        .field("host", "is in use");
  }
}
