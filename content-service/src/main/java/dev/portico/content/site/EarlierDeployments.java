package dev.portico.content.site;

import dev.portico.content.change.Snapshot;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.settings.SettingsDocument;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which deployments a site showed lately, kept at its item: a page that is open in a browser asks
 * for files of the deployment that it came from.
 */
public final class EarlierDeployments {
  private static final String ATTRIBUTE = "earlier";

  /** How many are kept. Each is a manifest that every gateway may hold. */
  private static final int MOST = 3;

  private EarlierDeployments() {}

  /**
   * Notes, with an activation, what some or all viewers had until now.
   *
   * @param change of the site
   * @param site its item before
   * @param deployment what all viewers get from now on
   */
  public static Write.Update activated(
      Write.Update change, Item site, String deployment, Instant now) {
    return replaced(
        change,
        site,
        deployment,
        Stream.concat(
            GradualRelease.deployment(site).stream(), site.optionalString("deployment").stream()),
        now);
  }

  /**
   * Notes, with the end of a gradual release or its change to another deployment, what some viewers
   * had until now.
   *
   * @param change of the site
   * @param site its item before
   * @param deployment what these viewers get from now on
   */
  public static Write.Update released(
      Write.Update change, Item site, String deployment, Instant now) {
    return replaced(change, site, deployment, GradualRelease.deployment(site).stream(), now);
  }

  private static Write.Update replaced(
      Write.Update change, Item site, String deployment, Stream<String> until, Instant now) {
    var kept = new LinkedHashMap<String, String>();
    until.forEach(id -> kept.putIfAbsent(id, id + ' ' + now.toEpochMilli()));
    site.list(ATTRIBUTE).forEach(entry -> kept.putIfAbsent(id(entry), entry));
    kept.remove(deployment);
    return change.setList(ATTRIBUTE, kept.values().stream().limit(MOST).toList());
  }

  /**
   * Those whose assets are still found.
   *
   * @param site its item
   * @param keep for how long after another took their place
   */
  static List<Snapshot.Earlier> of(Item site, Duration keep, Instant now) {
    return site.list(ATTRIBUTE).stream()
        .map(entry -> new Snapshot.Earlier(id(entry), ended(entry).plus(keep)))
        .filter(each -> each.until().isAfter(now))
        .toList();
  }

  /**
   * Those whose assets may still be found, whatever the site's settings say or will say.
   *
   * @param site its item
   */
  public static List<String> lately(Item site, Instant now) {
    return of(site, Duration.ofSeconds(SettingsDocument.MOST_EARLIER_ASSETS_SECONDS), now).stream()
        .map(Snapshot.Earlier::deployment)
        .toList();
  }

  private static String id(String entry) {
    return entry.substring(0, entry.indexOf(' '));
  }

  private static Instant ended(String entry) {
    return Instant.ofEpochMilli(Long.parseLong(entry.substring(entry.indexOf(' ') + 1)));
  }
}
