package dev.portico.gateway.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.origin.OriginSettings;
import dev.portico.gateway.routing.BlobDigest;
import dev.portico.gateway.site.SiteResolution.Serving;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the directory makes of snapshots in whatever order they come; it asks nobody here. */
class SiteDirectoryTest {
  private static final String FIRST = "aaaaaaaaaaaaaaaaaaaa";
  private static final String SECOND = "bbbbbbbbbbbbbbbbbbbb";
  private static final SiteResolution UNKNOWN = new SiteResolution.Unknown();

  private final SiteDirectory directory = directory();

  private static SiteDirectory directory() {
    // A port that nobody listens on: whatever is not held cannot be fetched.
    URI nobody = URI.create("http://127.0.0.1:1");
    Duration second = Duration.ofSeconds(1);
    OriginSettings origins =
        new OriginSettings(nobody, nobody, "secret", nobody, second, second, second, 1, second);
    ManifestSettings settings =
        new ManifestSettings(
            1 << 20, 1 << 20, 1, 1, Duration.ofSeconds(10), 10, second, second, second, second);
    ContentInternal content =
        new ContentInternal(origins, new FeedSettings(second, second, second));
    return new SiteDirectory(
        new SiteDomain("localhost"), settings, new ManifestLoader(content, settings));
  }

  private static SiteSnapshot site(String name, long version, String deployment, String... hosts) {
    return new SiteSnapshot(name, version, true, List.of(hosts), deployment, Map.of(), true);
  }

  private static DeploymentFiles files(String deployment) {
    DeploymentFiles.Builder files = new DeploymentFiles.Builder();
    files.add("/index.html", new BlobDigest(1, 2, 3, 4), 5, "text/html");
    return files.build(deployment, Instant.EPOCH);
  }

  private void install(SiteSnapshot snapshot) {
    String deployment = snapshot.deployment();
    directory.install(snapshot, directory.reading(), deployment == null ? null : files(deployment));
  }

  /** Name of the site and id of the deployment that a host shows. */
  private String shown(String host) {
    return directory.resolve(host) instanceof Serving serving
        ? serving.site() + " " + serving.files().deployment()
        : "nothing";
  }

  @Test
  void whatIsNotKnownIsUnavailableUntilAllSitesWereRead() {
    assertThat(directory.resolve("docs.localhost")).isInstanceOf(SiteResolution.Unavailable.class);
    directory.completeWith(Set.of());
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
    directory.remove("old", directory.reading());
    assertThat(shown("www.example.com")).isEqualTo("new " + SECOND);
  }

  @Test
  void aRemovedSiteLeavesNoHostBehind() {
    install(site("docs", 1, FIRST, "www.example.com"));
    install(site("shop", 1, FIRST));
    directory.completeWith(Set.of("shop"));
    assertThat(directory.resolve("docs.localhost")).isEqualTo(UNKNOWN);
    assertThat(directory.resolve("www.example.com")).isEqualTo(UNKNOWN);
    assertThat(shown("shop.localhost")).isEqualTo("shop " + FIRST);
  }

  @Test
  void anotherReadingTakesEarlierVersionsAndNothingAskedForBefore() {
    install(site("docs", 7, SECOND));
    long before = directory.reading();
    directory.readAnew();
    assertThat(shown("docs.localhost")).as("held until replaced").isEqualTo("docs " + SECOND);
    assertThat(directory.needsFiles(site("docs", 3, FIRST))).isTrue();
    install(site("docs", 3, FIRST));
    assertThat(shown("docs.localhost")).isEqualTo("docs " + FIRST);
    directory.install(site("docs", 8, SECOND), before, files(SECOND));
    directory.remove("docs", before);
    assertThat(shown("docs.localhost")).isEqualTo("docs " + FIRST);
    install(site("docs", 4, SECOND));
    assertThat(shown("docs.localhost")).isEqualTo("docs " + SECOND);
  }

  @Test
  void filesOfAnotherDeploymentAreNotServed() {
    install(site("docs", 1, FIRST));
    SiteSnapshot next = site("docs", 2, SECOND);
    assertThat(directory.needsFiles(next)).isTrue();
    directory.install(next, directory.reading(), null);
    assertThat(directory.resolve("docs.localhost")).isInstanceOf(SiteResolution.Loading.class);
    directory.fill("docs", files(FIRST));
    assertThat(shown("docs.localhost")).isEqualTo("nothing");
    directory.fill("docs", files(SECOND));
    assertThat(shown("docs.localhost")).isEqualTo("docs " + SECOND);
  }

  @Test
  void aDeletedSiteIsGoneWithItsPreviews() {
    install(site("docs", 1, FIRST));
    directory.install(
        new SiteSnapshot("docs", 2, false, List.of(), FIRST, Map.of(), true),
        directory.reading(),
        null);
    assertThat(directory.resolve("docs.localhost")).isEqualTo(new SiteResolution.Gone("docs"));
    assertThat(directory.resolve(FIRST + "--docs.localhost"))
        .isEqualTo(new SiteResolution.Gone("docs"));
  }
}
