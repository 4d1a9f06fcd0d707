package dev.portico.gateway.site;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.origin.HttpOrigin;
import dev.portico.gateway.origin.OriginSettings;
import dev.portico.gateway.routing.Behaviour;
import dev.portico.gateway.routing.Behaviours;
import dev.portico.gateway.routing.BlobDigest;
import dev.portico.gateway.routing.FileHandling;
import dev.portico.gateway.routing.PathPattern;
import dev.portico.gateway.site.SiteResolution.Serving;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the directory makes of snapshots in whatever order they come; it asks nobody here. */
class SiteDirectoryTest {
  private static final String FIRST = "aaaaaaaaaaaaaaaaaaaa";
  private static final String SECOND = "bbbbbbbbbbbbbbbbbbbb";
  private static final SiteResolution UNKNOWN = new SiteResolution.Unknown();

  private final Gateway gateway = gateway();
  private final HeldSites sites = gateway.sites();
  private final SiteDirectory directory = gateway.directory();

  private record Gateway(HeldSites sites, SiteDirectory directory) {}

  private static Gateway gateway() {
    // A port that nobody listens on: whatever is not held cannot be fetched.
    URI nobody = URI.create("http://127.0.0.1:1");
    Duration second = Duration.ofSeconds(1);
    OriginSettings origins =
        new OriginSettings(nobody, nobody, "secret", nobody, second, second, second, 0, 1, second);
    ManifestSettings settings =
        new ManifestSettings(
            1 << 20, 1 << 20, 1, 1, 1, Duration.ofSeconds(10), 10, second, second, second, second);
    ContentInternal content =
        new ContentInternal(origins, new FeedSettings(second, second, second, second));
    UnexpectedFailures unexpected = new UnexpectedFailures(new SimpleMeterRegistry());
    ManifestLoader manifests = new ManifestLoader(content, settings, unexpected);
    SharedPolicies policies = new SharedPolicies(content);
    PreviewSettings own = new PreviewSettings(content, policies, settings, unexpected);
    Previews previews = new Previews(manifests, own, policies, settings);
    HeldSites sites = new HeldSites(settings, manifests, previews, policies);
    return new Gateway(
        sites,
        new SiteDirectory(new SiteDomain("localhost"), settings, sites, manifests, previews));
  }

  private static SiteSnapshot site(String name, long version, String deployment, String... hosts) {
    return new SiteSnapshot(
        name,
        version,
        true,
        List.of(hosts),
        deployment,
        null,
        List.of(),
        Map.of(),
        SiteSettings.DEFAULT,
        null);
  }

  private static DeploymentFiles files(String deployment) {
    DeploymentFiles.Builder files = new DeploymentFiles.Builder();
    files.add("/index.html", new BlobDigest(1, 2, 3, 4), 5, "text/html");
    return files.build(deployment, Instant.EPOCH);
  }

  private void install(SiteSnapshot snapshot) {
    String deployment = snapshot.deployment();
    sites.install(snapshot, sites.reading(), deployment == null ? null : files(deployment));
  }

  /** Name of the site and id of the deployment that a host shows. */
  private String shown(String host) {
    return directory.resolve(host) instanceof Serving serving
        ? serving.site() + " " + serving.files().deployment()
        : "nothing";
  }

  /** Whoever was slower may have seen less. */
  @Test
  void whatHasArrivedIsNotUnreadAnyMore() {
    long asked = sites.reading();
    Set<String> hosts = Set.of("www.example.com");
    sites.unread("docs", hosts, asked);
    sites.completeWith(Set.of("docs"));
    assertThat(directory.resolve("docs.localhost")).isInstanceOf(SiteResolution.Unavailable.class);
    assertThat(directory.resolve("www.example.com")).isInstanceOf(SiteResolution.Unavailable.class);
    sites.unread("docs", Set.of(), asked);
    assertThat(directory.resolve("www.example.com")).isInstanceOf(SiteResolution.Unavailable.class);
    install(site("docs", 1, FIRST));
    sites.unread("docs", hosts, asked);
    assertThat(shown("docs.localhost")).isEqualTo("docs " + FIRST);
    assertThat(directory.resolve("www.example.com")).isEqualTo(UNKNOWN);
    sites.remove("docs", asked);
    assertThat(directory.resolve("docs.localhost")).isEqualTo(UNKNOWN);
  }

  @Test
  void whatIsUnreadIsForgottenWithItsSite() {
    sites.completeWith(Set.of());
    sites.unread("docs", Set.of(), sites.reading());
    sites.remove("docs", sites.reading());
    assertThat(directory.resolve("docs.localhost")).isEqualTo(UNKNOWN);
    sites.unread("docs", Set.of(), sites.reading());
    long before = sites.reading();
    sites.readAnew();
    assertThat(directory.resolve("docs.localhost")).isInstanceOf(SiteResolution.Unavailable.class);
    sites.completeWith(Set.of("other"));
    assertThat(directory.resolve("docs.localhost")).isEqualTo(UNKNOWN);
    sites.unread("docs", Set.of(), before);
    assertThat(directory.resolve("docs.localhost")).as("of an earlier reading").isEqualTo(UNKNOWN);
  }

  @Test
  void whatIsNotKnownIsUnavailableUntilAllSitesWereRead() {
    assertThat(directory.resolve("docs.localhost")).isInstanceOf(SiteResolution.Unavailable.class);
    sites.completeWith(Set.of());
    assertThat(directory.resolve("docs.localhost")).isEqualTo(UNKNOWN);
    assertThat(directory.resolve("www.example.com")).isEqualTo(UNKNOWN);
  }

  @Test
  void anEarlierSnapshotThatComesLateChangesNothing() {
    install(site("docs", 2, SECOND));
    install(site("docs", 1, FIRST));
    assertThat(shown("docs.localhost")).isEqualTo("docs " + SECOND);
  }

  @Test
  void aHostThatMovedIsNotTakenBackByTheSiteItWasTakenFrom() {
    install(site("old", 1, FIRST, "www.example.com"));
    assertThat(shown("www.example.com")).isEqualTo("old " + FIRST);
    // The new owner's snapshot is quicker than the one in which the old owner has lost the host.
    install(site("new", 1, SECOND, "www.example.com"));
    assertThat(shown("www.example.com")).isEqualTo("new " + SECOND);
    install(site("old", 2, FIRST, "www.example.com"));
    assertThat(shown("www.example.com")).isEqualTo("new " + SECOND);
    install(site("old", 3, FIRST));
    assertThat(shown("www.example.com")).isEqualTo("new " + SECOND);
    sites.remove("old", sites.reading());
    assertThat(shown("www.example.com")).isEqualTo("new " + SECOND);
  }

  /** A host that went from one site to another and back, in every order of the news of it. */
  @Test
  void aHostThatMovedThereAndBackIsNeverLost() {
    String host = "www.example.com";
    List<SiteSnapshot> news =
        List.of(
            site("first", 1, FIRST, host),
            site("first", 2, FIRST),
            site("first", 3, FIRST, host),
            site("second", 1, SECOND),
            site("second", 2, SECOND, host),
            site("second", 3, SECOND));
    int orders = 0;
    for (List<SiteSnapshot> order : orders(news)) {
      Gateway fresh = gateway();
      fresh.sites().completeWith(Set.of());
      Model model = new Model();
      for (SiteSnapshot snapshot : order) {
        fresh.sites().install(snapshot, fresh.sites().reading(), files(deployment(snapshot)));
        model.install(snapshot);
        assertThat(model.allowed(host))
            .as(order.toString())
            .contains(owner(fresh.directory(), host));
      }
      assertThat(owner(fresh.directory(), host)).as(order.toString()).isEqualTo("first");
      orders++;
    }
    assertThat(orders).isEqualTo(720);
  }

  private static <T> List<List<T>> orders(List<T> items) {
    if (items.isEmpty()) {
      return List.of(List.of());
    }
    List<List<T>> all = new ArrayList<>();
    for (T first : items) {
      List<T> others = items.stream().filter(item -> !item.equals(first)).toList();
      for (List<T> rest : orders(others)) {
        List<T> order = new ArrayList<>(List.of(first));
        order.addAll(rest);
        all.add(order);
      }
    }
    return all;
  }

  private static String deployment(SiteSnapshot snapshot) {
    return requireNonNull(snapshot.deployment());
  }

  /** Name of the site that a host shows, or nothing. */
  private static String owner(SiteDirectory directory, String host) {
    return directory.resolve(host) instanceof Serving serving ? serving.site() : "nothing";
  }

  /** What is known, and nothing remembered of how it came to be known. */
  private static final class Model {
    private final Map<String, SiteSnapshot> sites = new TreeMap<>();
    private final Map<String, Long> floors = new TreeMap<>();

    void install(SiteSnapshot snapshot) {
      if (snapshot.version() > floors.getOrDefault(snapshot.site(), -1L)) {
        sites.put(snapshot.site(), snapshot);
        floors.put(snapshot.site(), snapshot.version());
      }
    }

    void remove(String site) {
      sites.remove(site);
      floors.remove(site);
    }

    void readAnew() {
      floors.clear();
    }

    /** The sites that list the host; nothing only if there is none. */
    Set<String> allowed(String host) {
      Set<String> listing = new TreeSet<>();
      sites.values().stream()
          .filter(site -> site.hosts().contains(host))
          .forEach(site -> listing.add(site.site()));
      return listing.isEmpty() ? Set.of("nothing") : listing;
    }
  }

  /** Many hosts, each with one site at a time, whose moves become known in any order. */
  @Test
  void hostsGoWhereTheyAreListedHoweverTheNewsComes() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      moveHosts(random, "seed " + seed + ", round " + round);
    }
  }

  private static void moveHosts(Random random, String label) {
    Gateway fresh = gateway();
    fresh.sites().completeWith(Set.of());
    Model model = new Model();
    List<String> names = List.of("a", "b", "c", "d");
    List<String> hosts = List.of("one.example", "two.example", "three.example");
    Map<String, String> owners = new TreeMap<>();
    Map<String, Long> versions = new TreeMap<>();
    List<SiteSnapshot> underWay = new ArrayList<>();
    for (int step = 0; step < 60; step++) {
      String name = names.get(random.nextInt(names.size()));
      switch (random.nextInt(12)) {
        case 0 -> {
          fresh.sites().remove(name, fresh.sites().reading());
          model.remove(name);
        }
        case 1 -> {
          fresh.sites().readAnew();
          model.readAnew();
        }
        case 2, 3, 4, 5 -> {
          String host = hosts.get(random.nextInt(hosts.size()));
          String before = owners.put(host, name);
          if (before != null && !before.equals(name)) {
            underWay.add(snapshotOf(before, owners, versions));
          }
          underWay.add(snapshotOf(name, owners, versions));
        }
        default -> {
          if (!underWay.isEmpty()) {
            SiteSnapshot next = underWay.remove(random.nextInt(underWay.size()));
            fresh.sites().install(next, fresh.sites().reading(), files(deployment(next)));
            model.install(next);
          }
        }
      }
      for (String host : hosts) {
        assertThat(model.allowed(host))
            .as("%s, %s", label, host)
            .contains(owner(fresh.directory(), host));
      }
    }
    names.forEach(
        name -> {
          SiteSnapshot last = snapshotOf(name, owners, versions);
          fresh.sites().install(last, fresh.sites().reading(), files(deployment(last)));
        });
    for (String host : hosts) {
      assertThat(owner(fresh.directory(), host))
          .as(label)
          .isEqualTo(owners.getOrDefault(host, "nothing"));
    }
  }

  private static SiteSnapshot snapshotOf(
      String name, Map<String, String> owners, Map<String, Long> versions) {
    String[] hosts =
        owners.keySet().stream()
            .filter(host -> name.equals(owners.get(host)))
            .toArray(String[]::new);
    return site(name, versions.merge(name, 1L, Long::sum), FIRST, hosts);
  }

  @Test
  void aRemovedSiteLeavesNoHostBehind() {
    install(site("docs", 1, FIRST, "www.example.com"));
    install(site("shop", 1, FIRST));
    sites.completeWith(Set.of("shop"));
    assertThat(directory.resolve("docs.localhost")).isEqualTo(UNKNOWN);
    assertThat(directory.resolve("www.example.com")).isEqualTo(UNKNOWN);
    assertThat(shown("shop.localhost")).isEqualTo("shop " + FIRST);
  }

  @Test
  void anotherReadingTakesEarlierVersionsAndNothingAskedForBefore() {
    install(site("docs", 7, SECOND));
    long before = sites.reading();
    sites.readAnew();
    assertThat(shown("docs.localhost")).as("held until replaced").isEqualTo("docs " + SECOND);
    assertThat(sites.needsFiles(site("docs", 3, FIRST))).isTrue();
    install(site("docs", 3, FIRST));
    assertThat(shown("docs.localhost")).isEqualTo("docs " + FIRST);
    sites.install(site("docs", 8, SECOND), before, files(SECOND));
    sites.remove("docs", before);
    assertThat(shown("docs.localhost")).isEqualTo("docs " + FIRST);
    install(site("docs", 4, SECOND));
    assertThat(shown("docs.localhost")).isEqualTo("docs " + SECOND);
  }

  private static SiteSnapshot closed(long version, String deployment, String... hosts) {
    return new SiteSnapshot(
        "docs",
        version,
        true,
        List.of(hosts),
        deployment,
        null,
        List.of(),
        Map.of(),
        SiteSettings.CLOSED,
        null);
  }

  @Test
  void whatASnapshotSaysOfAccessWaitsForNoFile() {
    install(site("docs", 1, FIRST));
    SiteSnapshot next = closed(3, SECOND, "www.example.com");
    sites.restrict(next, sites.reading());
    Serving meanwhile = (Serving) directory.resolve("www.example.com");
    assertThat(meanwhile.files().deployment()).isEqualTo(FIRST);
    assertThat(meanwhile.settings()).isSameAs(SiteSettings.DEFAULT);
    assertThat(meanwhile.besides()).isSameAs(SiteSettings.CLOSED);
    assertThat(meanwhile.preview()).isFalse();
    Serving preview = (Serving) directory.resolve(FIRST + "--docs.localhost");
    assertThat(preview.settings()).isSameAs(SiteSettings.CLOSED);
    assertThat(sites.needsFiles(next)).as("as before").isTrue();
    sites.restrict(site("docs", 2, SECOND), sites.reading());
    install(site("docs", 2, SECOND));
    assertThat(((Serving) directory.resolve("docs.localhost")).besides())
        .as("an earlier one that comes late")
        .isSameAs(SiteSettings.CLOSED);
    SiteSnapshot later = configured(4, SECOND);
    sites.restrict(later, sites.reading());
    assertThat(((Serving) directory.resolve("docs.localhost")).besides())
        .as("what was to hold between is over")
        .isSameAs(later.settings());
    install(next);
    assertThat(shown("docs.localhost")).isEqualTo("docs " + FIRST);
    install(later);
    Serving after = (Serving) directory.resolve("docs.localhost");
    assertThat(after.files().deployment()).isEqualTo(SECOND);
    assertThat(after.settings()).isSameAs(later.settings());
    assertThat(after.besides()).isNull();
    install(later);
    assertThat(sites.needsFiles(later)).isFalse();
  }

  @Test
  void whatIsRestrictedGivesWayToTheFilesOfBeforeToo() {
    install(site("docs", 1, FIRST));
    sites.restrict(closed(2, SECOND), sites.reading());
    SiteSnapshot back = site("docs", 3, FIRST);
    assertThat(sites.needsFiles(back)).isFalse();
    sites.install(back, sites.reading(), null);
    Serving serving = (Serving) directory.resolve("docs.localhost");
    assertThat(serving.files().deployment()).isEqualTo(FIRST);
    assertThat(serving.besides()).isNull();
    long before = sites.reading();
    sites.readAnew();
    sites.restrict(closed(9, SECOND), before);
    assertThat(((Serving) directory.resolve("docs.localhost")).besides())
        .as("asked for before")
        .isNull();
    sites.restrict(closed(1, SECOND), sites.reading());
    assertThat(((Serving) directory.resolve("docs.localhost")).besides())
        .as("of a table that was restored")
        .isSameAs(SiteSettings.CLOSED);
    sites.restrict(closed(2, FIRST), sites.reading());
    assertThat(((Serving) directory.resolve("docs.localhost")).besides())
        .as("needs no files")
        .isSameAs(SiteSettings.CLOSED);
  }

  @Test
  void filesOfAnotherDeploymentAreNotServed() {
    install(site("docs", 1, FIRST));
    SiteSnapshot next = site("docs", 2, SECOND);
    assertThat(sites.needsFiles(next)).isTrue();
    sites.install(next, sites.reading(), null);
    assertThat(directory.resolve("docs.localhost")).isInstanceOf(SiteResolution.Loading.class);
    sites.fill("docs", files(FIRST));
    assertThat(shown("docs.localhost")).isEqualTo("nothing");
    sites.fill("docs", files(SECOND));
    assertThat(shown("docs.localhost")).isEqualTo("docs " + SECOND);
  }

  @Test
  void aDeletedSiteIsGoneWithItsPreviews() {
    install(site("docs", 1, FIRST));
    sites.install(
        new SiteSnapshot(
            "docs",
            2,
            false,
            List.of(),
            FIRST,
            null,
            List.of(),
            Map.of(),
            SiteSettings.DEFAULT,
            null),
        sites.reading(),
        null);
    assertThat(directory.resolve("docs.localhost")).isEqualTo(new SiteResolution.SiteGone("docs"));
    assertThat(directory.resolve(FIRST + "--docs.localhost"))
        .isEqualTo(new SiteResolution.SiteGone("docs"));
  }

  private static SiteSettings withOrigin() {
    Duration second = Duration.ofSeconds(1);
    HttpOrigin api =
        new HttpOrigin(
            "api",
            true,
            "api.example.com",
            443,
            "",
            false,
            second,
            second,
            second,
            second,
            1,
            List.of(),
            true,
            new HttpOrigin.Breaker(1, second),
            null,
            null);
    Behaviour first = new Behaviour(PathPattern.of("/api/*"), "api", null, Set.of("GET"));
    Behaviours behaviours =
        Behaviours.of(List.of(first), SiteSettings.DEFAULT.behaviours().otherwise());
    return new SiteSettings(
        true,
        FileHandling.DEFAULT,
        null,
        behaviours,
        Map.of("api", api),
        Map.of(),
        Map.of(),
        Map.of(),
        SiteAccess.OPEN);
  }

  private static SiteSnapshot configured(long version, @Nullable String deployment) {
    return new SiteSnapshot(
        "docs",
        version,
        true,
        List.of(),
        deployment,
        null,
        List.of(),
        Map.of(),
        withOrigin(),
        null);
  }

  @Test
  void aSiteWithOriginsAndWithoutADeploymentCanBeAskedForThem() {
    install(configured(1, null));
    assertThat(directory.resolve("docs.localhost"))
        .isEqualTo(
            new SiteResolution.OriginsOnly(
                "docs", withOrigin(), false, new SiteResolution.Empty("docs")));
  }

  @Test
  void withoutAnyOriginASiteWithoutADeploymentIsEmpty() {
    install(
        new SiteSnapshot(
            "docs",
            1,
            true,
            List.of(),
            null,
            null,
            List.of(),
            Map.of(),
            SiteSettings.DEFAULT,
            null));
    assertThat(directory.resolve("docs.localhost")).isEqualTo(new SiteResolution.Empty("docs"));
  }

  @Test
  void settingsChangeWithoutTheFilesAndTheSameForPreviews() {
    install(site("docs", 1, FIRST));
    Serving before = (Serving) directory.resolve("docs.localhost");
    sites.install(configured(2, FIRST), sites.reading(), null);
    Serving after = (Serving) directory.resolve("docs.localhost");
    assertThat(after.files()).isSameAs(before.files());
    assertThat(after.settings()).isEqualTo(withOrigin());
    assertThat(before.settings()).isEqualTo(SiteSettings.DEFAULT);
    Serving preview = (Serving) directory.resolve(FIRST + "--docs.localhost");
    assertThat(preview.settings()).isSameAs(after.settings());
    assertThat(preview.preview()).isTrue();
  }

  /** While the list of files is fetched, and when it cannot be: nobody answers here. */
  @Test
  void originsCanBeAskedWhateverBecomesOfTheFiles() {
    sites.install(configured(1, FIRST), sites.reading(), null);
    SiteResolution.Loading loading = (SiteResolution.Loading) directory.resolve("docs.localhost");
    assertThat(loading.settings()).isEqualTo(withOrigin());
    assertThat(loading.preview()).isFalse();
    SiteResolution outcome = loading.outcome().join();
    assertThat(((SiteResolution.OriginsOnly) outcome).otherwise())
        .isInstanceOf(SiteResolution.Unavailable.class);
  }
}
