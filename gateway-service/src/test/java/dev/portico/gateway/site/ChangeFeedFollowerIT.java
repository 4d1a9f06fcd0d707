package dev.portico.gateway.site;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.origin.OriginSettings;
import dev.portico.gateway.site.SiteResolution.Serving;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Follows the feed of a content-service that is reached over real sockets. */
class ChangeFeedFollowerIT {
  private static final String FIRST = "aaaaaaaaaaaaaaaaaaaa";
  private static final String SECOND = "bbbbbbbbbbbbbbbbbbbb";
  private static final Page INDEX = Page.html("/index.html", "one");
  private static final Page CHANGED = Page.html("/index.html", "two");

  private final ContentFeedServer content = new ContentFeedServer();
  private @Nullable ChangeFeedFollower follower;
  private @Nullable SiteUpdates updates;
  private @Nullable SiteDirectory directory;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Set<String> failing = ConcurrentHashMap.newKeySet();
  private Duration demandWait = Duration.ofSeconds(10);

  private void start() {
    start(0);
  }

  private void start(long liveSize) {
    URI address = URI.create(content.address());
    OriginSettings origins =
        new OriginSettings(
            address,
            address,
            ContentFeedServer.SECRET,
            address,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            0,
            1,
            Duration.ofSeconds(1));
    FeedSettings feed =
        new FeedSettings(
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10));
    ManifestSettings settings =
        new ManifestSettings(
            liveSize,
            1 << 20,
            2,
            4,
            2,
            demandWait,
            100,
            Duration.ofMillis(50),
            Duration.ofMillis(50),
            Duration.ofMillis(50),
            Duration.ofHours(1));
    ContentInternal internal = new ContentInternal(origins, feed);
    UnexpectedFailures unexpected = new UnexpectedFailures(registry);
    ManifestLoader loader = new ManifestLoader(internal, settings, unexpected);
    directory = new FailingDirectory(settings, loader);
    updates = new SiteUpdates(internal, loader, directory, settings, unexpected);
    follower = new ChangeFeedFollower(internal, updates, directory, unexpected);
    follower.start();
  }

  /** A directory in which a thread can be made to run into an Error. */
  private final class FailingDirectory extends SiteDirectory {
    FailingDirectory(ManifestSettings settings, ManifestLoader loader) {
      super(new SiteDomain("localhost"), settings, loader);
    }

    @Override
    synchronized void readAnew() {
      failIn("change-feed");
      super.readAnew();
    }

    @Override
    synchronized void install(SiteSnapshot snapshot, long asked, @Nullable DeploymentFiles files) {
      failIn("site-update");
      super.install(snapshot, asked, files);
    }

    @Override
    synchronized @Nullable DeploymentKey missingFiles(String site) {
      failIn("manifest-ahead");
      return super.missingFiles(site);
    }
  }

  private void failIn(String thread) {
    if (Thread.currentThread().getName().equals(thread) && failing.remove(thread)) {
      throw new StackOverflowError("as the test wants it in " + thread);
    }
  }

  private double failures(String work) {
    return registry.get("portico.unexpected.failures").tag("work", work).counter().count();
  }

  @Test
  void anErrorIsCountedAndTheFollowerGoesOn() {
    content.publish("docs", FIRST, INDEX);
    failing.add("change-feed");
    start();
    ready();
    assertThat(failures("change-feed")).isEqualTo(1);
    content.publish("docs", SECOND, CHANGED);
    await().until(() -> deployment("docs.localhost").equals(SECOND));
  }

  @Test
  void anErrorIsCountedAndTheSiteIsTriedAgain() {
    content.publish("docs", FIRST, INDEX);
    start();
    ready();
    await().until(() -> directory().resolve("docs.localhost") instanceof Serving);
    failing.add("site-update");
    content.publish("docs", SECOND, CHANGED);
    await().until(() -> deployment("docs.localhost").equals(SECOND));
    assertThat(failures("site-update")).isEqualTo(1);
    assertThat(failures("change-feed")).isZero();
  }

  @Test
  void anErrorWhileFetchingAheadLosesNoSite() {
    for (int i = 0; i < 8; i++) {
      content.publish("site" + i, FIRST, INDEX);
    }
    failing.add("manifest-ahead");
    start();
    ready();
    for (int i = 0; i < 8; i++) {
      String host = "site" + i + ".localhost";
      await().until(() -> directory().resolve(host) instanceof Serving);
    }
    assertThat(failures("site-update")).isEqualTo(1);
  }

  private SiteDirectory directory() {
    return requireNonNull(directory);
  }

  private ChangeFeedFollower follower() {
    return requireNonNull(follower);
  }

  @AfterEach
  void stop() {
    if (follower != null && updates != null) {
      follower.stop();
      updates.stop();
    }
    content.close();
  }

  private SiteResolution resolve(String host) {
    SiteResolution resolution = directory().resolve(host);
    return resolution instanceof SiteResolution.Loading loading
        ? loading.outcome().orTimeout(10, TimeUnit.SECONDS).join()
        : resolution;
  }

  private String deployment(String host) {
    return resolve(host) instanceof Serving serving ? serving.files().deployment() : "none";
  }

  private void ready() {
    await().until(() -> follower().ready());
  }

  @Test
  void readsAllSitesPageByPageAndServesThem() {
    for (int i = 0; i < 8; i++) {
      content.publish("site" + i, FIRST, INDEX);
    }
    content.hosts("site3", "www.example.com");
    content.activate("empty", null);
    content.delete("site7");
    start();
    ready();
    for (int i = 0; i < 7; i++) {
      assertThat(deployment("site" + i + ".localhost")).isEqualTo(FIRST);
    }
    assertThat(resolve("www.example.com")).isInstanceOf(Serving.class);
    assertThat(resolve("empty.localhost")).isEqualTo(new SiteResolution.Empty("empty"));
    assertThat(resolve("site7.localhost")).isEqualTo(new SiteResolution.Gone("site7"));
    assertThat(resolve("nobody.localhost")).isEqualTo(new SiteResolution.Unknown());
    assertThat(resolve("other.example.com")).isEqualTo(new SiteResolution.Unknown());
    assertThat(content.requests("/internal/snapshots?cursor=")).hasSize(3);
  }

  @Test
  void isNotReadyAndSaysSoUntilContentServiceIsThere() {
    content.publish("docs", FIRST, INDEX);
    content.away(true);
    start();
    await().until(() -> !content.requests("/internal/snapshots").isEmpty());
    assertThat(follower().ready()).isFalse();
    assertThat(resolve("docs.localhost")).isInstanceOf(SiteResolution.Unavailable.class);
    content.away(false);
    ready();
    assertThat(deployment("docs.localhost")).isEqualTo(FIRST);
  }

  @Test
  void followsActivationsRollbacksAndNewHosts() {
    content.publish("docs", FIRST, INDEX);
    start();
    ready();
    await().until(() -> directory().resolve("docs.localhost") instanceof Serving);
    content.publish("docs", SECOND, CHANGED);
    // No Loading in between: the new files were read before the pointer moved.
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(
            () ->
                ((Serving) directory().resolve("docs.localhost"))
                    .files()
                    .deployment()
                    .equals(SECOND));
    content.activate("docs", FIRST);
    await().until(() -> deployment("docs.localhost").equals(FIRST));
    content.hosts("docs", "docs.example.com");
    await().until(() -> deployment("docs.example.com").equals(FIRST));
    content.hosts("docs");
    await().until(() -> resolve("docs.example.com") instanceof SiteResolution.Unknown);
    content.immutableAssets("docs", false);
    await().until(() -> !((Serving) resolve("docs.localhost")).immutableAssets());
    content.publish("new", FIRST, INDEX);
    await().until(() -> deployment("new.localhost").equals(FIRST));
    content.delete("new");
    await().until(() -> resolve("new.localhost") instanceof SiteResolution.Gone);
  }

  @Test
  void anActivationIsThereWithinASecond() {
    content.publish("docs", FIRST, INDEX);
    start();
    ready();
    await().until(() -> deployment("docs.localhost").equals(FIRST));
    for (int i = 0; i < 20; i++) {
      String next = i % 2 == 0 ? SECOND : FIRST;
      content.publish("docs", next, INDEX);
      await()
          .pollInterval(Duration.ofMillis(1))
          .atMost(Duration.ofSeconds(1))
          .until(() -> deployment("docs.localhost").equals(next));
    }
  }

  @Test
  void keepsTheOldFilesUntilTheNewOnesAreRead() {
    content.publish("docs", FIRST, INDEX);
    content.publish("shop", FIRST, INDEX);
    start();
    ready();
    await().until(() -> directory().resolve("docs.localhost") instanceof Serving);
    await().until(() -> directory().resolve("shop.localhost") instanceof Serving);
    CountDownLatch gate = new CountDownLatch(1);
    content.gateManifests(gate);
    content.publish("docs", SECOND, CHANGED);
    await().until(() -> !content.requests("docs/deployments/" + SECOND).isEmpty());
    assertThat(deployment("docs.localhost")).isEqualTo(FIRST);
    // Another site is not held up.
    content.delete("shop");
    await().until(() -> resolve("shop.localhost") instanceof SiteResolution.Gone);
    gate.countDown();
    await().until(() -> deployment("docs.localhost").equals(SECOND));
  }

  @Test
  void keepsWhatItHoldsWhileContentServiceFailsAndCatchesUp() {
    content.publish("docs", FIRST, INDEX);
    start();
    ready();
    await().until(() -> directory().resolve("docs.localhost") instanceof Serving);
    await().until(() -> follower().connected());
    content.fail(500);
    content.publish("docs", SECOND, CHANGED);
    await().until(() -> !follower().connected());
    assertThat(deployment("docs.localhost")).isEqualTo(FIRST);
    assertThat(follower().ready()).isTrue();
    content.fail(0);
    await().until(() -> deployment("docs.localhost").equals(SECOND));
    content.away(true);
    await().until(() -> !follower().connected());
    assertThat(deployment("docs.localhost")).isEqualTo(SECOND);
    content.activate("docs", FIRST);
    content.away(false);
    await().until(() -> deployment("docs.localhost").equals(FIRST));
  }

  @Test
  void readsEverythingAgainWhenItsPositionIsTooOld() {
    content.publish("docs", FIRST, INDEX);
    start();
    ready();
    await().until(() -> follower().connected());
    content.away(true);
    await().until(() -> !follower().connected());
    content.publish("docs", SECOND, CHANGED);
    content.trimFeed();
    content.away(false);
    await().until(() -> deployment("docs.localhost").equals(SECOND));
    await().until(() -> follower().position() == 3);
  }

  /** A table restored to an earlier time has earlier versions and an earlier end of its feed. */
  @Test
  void takesEarlierVersionsAfterTheTableWasRestored() {
    content.publish("docs", FIRST, INDEX);
    content.publish("docs", SECOND, CHANGED);
    content.hosts("docs", "www.example.com");
    content.publish("later", FIRST, INDEX);
    start();
    ready();
    await().until(() -> deployment("www.example.com").equals(SECOND));
    content.restore("docs", FIRST);
    await().until(() -> deployment("docs.localhost").equals(FIRST));
    await().until(() -> resolve("later.localhost").equals(new SiteResolution.Unknown()));
    assertThat(resolve("www.example.com")).isEqualTo(new SiteResolution.Unknown());
    content.activate("docs", SECOND);
    await().until(() -> deployment("docs.localhost").equals(SECOND));
  }

  /** The numbers alone would look as if nothing but a few changes had happened meanwhile. */
  @Test
  void noticesARestoredTableWhoseNewChangesHavePassedItsPosition() {
    content.publish("docs", FIRST, INDEX);
    content.publish("docs", SECOND, CHANGED);
    content.publish("later", FIRST, INDEX);
    start();
    ready();
    await().until(() -> deployment("docs.localhost").equals(SECOND));
    await().until(() -> follower().connected());
    content.away(true);
    await().until(() -> !follower().connected());
    content.restore("docs", FIRST);
    for (int i = 0; i < 5; i++) {
      content.publish("other", FIRST, INDEX);
    }
    content.away(false);
    await().until(() -> deployment("docs.localhost").equals(FIRST));
    await().until(() -> resolve("later.localhost").equals(new SiteResolution.Unknown()));
    assertThat(deployment("other.localhost")).isEqualTo(FIRST);
    await().until(() -> follower().position() == 6);
  }

  @Test
  void aRequestWaitsForAManifestNoLongerThanItMay() {
    demandWait = Duration.ofMillis(50);
    content.publish("docs", FIRST, INDEX);
    content.seal("docs", SECOND, CHANGED);
    start();
    ready();
    assertThat(deployment("docs.localhost")).isEqualTo(FIRST);
    CountDownLatch gate = new CountDownLatch(1);
    content.gateManifests(gate);
    String preview = SECOND + "--docs.localhost";
    assertThat(resolve(preview)).isInstanceOf(SiteResolution.Unavailable.class);
    gate.countDown();
    await().until(() -> deployment(preview).equals(SECOND));
    assertThat(content.requests(SECOND + "/manifest")).as("fetching went on").hasSize(1);
  }

  /** A deployment of this number by name. */
  private static String numbered(int number) {
    String binary = "%13s".formatted(Integer.toBinaryString(number));
    return "preview" + binary.replace(' ', 'a').replace('0', 'a').replace('1', 'b');
  }

  private SiteResolution ask(String host) {
    return directory().resolve(host);
  }

  /** More previews are asked for than may be fetched, or wait, and none of them comes. */
  @Test
  void liveDeploymentsDoNotWaitBehindPreviews() {
    content.publish("docs", FIRST, INDEX);
    content.seal("docs", SECOND, CHANGED);
    start();
    ready();
    await().until(() -> ask("docs.localhost") instanceof Serving);
    CountDownLatch gate = new CountDownLatch(1);
    content.gateManifests(gate, path -> path.contains("/deployments/preview"));
    List<SiteResolution> previews =
        IntStream.range(0, 98).mapToObj(i -> ask(numbered(i) + "--docs.localhost")).toList();
    assertThat(previews).allMatch(one -> one instanceof SiteResolution.Loading);
    await().until(() -> content.requests("/deployments/preview").size() == 2);
    SiteResolution.Loading looked = (SiteResolution.Loading) ask(SECOND + "--docs.localhost");
    assertThat(looked.outcome()).as("waits behind the others").isNotDone();

    content.publish("new", FIRST, INDEX);
    await().until(() -> ask("new.localhost") instanceof Serving);
    content.activate("docs", SECOND);
    await().until(() -> deployment("docs.localhost").equals(SECOND));
    assertThat(looked.outcome().orTimeout(10, TimeUnit.SECONDS).join())
        .as("who looked at it has it too")
        .isInstanceOf(Serving.class);
    assertThat(content.requests("docs/deployments/" + SECOND)).as("fetched once").hasSize(1);
    assertThat(content.requests("/deployments/preview")).as("no more at a time").hasSize(2);
    gate.countDown();
    for (SiteResolution one : previews) {
      assertThat(((SiteResolution.Loading) one).outcome().orTimeout(10, TimeUnit.SECONDS).join())
          .isInstanceOf(SiteResolution.Unknown.class);
    }
  }

  @Test
  void tooManyPreviewsAreRefusedAndLiveDeploymentsAreNot() {
    content.publish("docs", FIRST, INDEX);
    start();
    ready();
    await().until(() -> ask("docs.localhost") instanceof Serving);
    CountDownLatch gate = new CountDownLatch(1);
    content.gateManifests(gate, path -> path.contains("/deployments/preview"));
    for (int i = 0; i < 100; i++) {
      ask(numbered(i) + "--docs.localhost");
    }
    String another = numbered(1000) + "--docs.localhost";
    assertThat(resolve(another)).isInstanceOf(SiteResolution.Unavailable.class);
    content.publish("docs", SECOND, CHANGED);
    await().until(() -> deployment("docs.localhost").equals(SECOND));
    gate.countDown();
    await().until(() -> resolve(another) instanceof SiteResolution.Unknown);
  }

  @Test
  void servesPreviewsByIdAndAlias() {
    content.publish("docs", FIRST, INDEX);
    content.seal("docs", SECOND, CHANGED);
    content.alias("docs", "next", SECOND);
    start();
    ready();
    String byId = SECOND + "--docs.localhost";
    assertThat(deployment(byId)).isEqualTo(SECOND);
    assertThat(((Serving) resolve(byId)).preview()).isTrue();
    assertThat(deployment("next--docs.localhost")).isEqualTo(SECOND);
    assertThat(((Serving) resolve(FIRST + "--docs.localhost")).preview()).isTrue();
    assertThat(((Serving) resolve("docs.localhost")).preview()).isFalse();
    assertThat(resolve("other--docs.localhost")).isEqualTo(new SiteResolution.Unknown());
    assertThat(resolve("cccccccccccccccccccc--docs.localhost"))
        .isEqualTo(new SiteResolution.Unknown());
    assertThat(resolve(FIRST + "--nobody.localhost")).isEqualTo(new SiteResolution.Unknown());
  }

  @Test
  void aDeletedDeploymentsPreviewGoesAndAnUnknownOneIsAskedForAgain() {
    content.publish("docs", FIRST, INDEX);
    content.seal("docs", SECOND, CHANGED);
    start();
    ready();
    String preview = SECOND + "--docs.localhost";
    assertThat(deployment(preview)).isEqualTo(SECOND);
    content.deleteDeployment("docs", SECOND);
    await().until(() -> resolve(preview) instanceof SiteResolution.Gone);
    String late = "cccccccccccccccccccc";
    assertThat(resolve(late + "--docs.localhost")).isInstanceOf(SiteResolution.Unknown.class);
    content.seal("docs", late, INDEX);
    await().until(() -> deployment(late + "--docs.localhost").equals(late));
  }

  @Test
  void aManifestIsFetchedOnceHoweverManyAsk() {
    content.publish("docs", FIRST, INDEX);
    content.seal("docs", SECOND, CHANGED);
    start();
    ready();
    await().until(() -> directory().resolve("docs.localhost") instanceof Serving);
    CountDownLatch gate = new CountDownLatch(1);
    content.gateManifests(gate);
    String preview = SECOND + "--docs.localhost";
    List<SiteResolution> waiting =
        IntStream.range(0, 100).mapToObj(i -> directory().resolve(preview)).toList();
    gate.countDown();
    for (SiteResolution one : waiting) {
      SiteResolution.Loading loading = (SiteResolution.Loading) one;
      assertThat(loading.outcome().orTimeout(10, TimeUnit.SECONDS).join())
          .isInstanceOf(Serving.class);
    }
    assertThat(content.requests("GET /internal/sites/docs/deployments/" + SECOND)).hasSize(1);
  }

  @Test
  void aStartWithManySitesFetchesFewManifestsAtATimeAndThoseAskedForBesides() {
    for (int i = 0; i < 200; i++) {
      content.publish("site" + i, FIRST, INDEX);
    }
    CountDownLatch gate = new CountDownLatch(1);
    content.gateManifests(gate);
    start();
    ready();
    await().until(() -> content.mostManifestsAtOnce() == 2);
    SiteResolution.Loading wanted =
        (SiteResolution.Loading) directory().resolve("site199.localhost");
    await().until(() -> content.requests("/internal/sites/site199/").size() == 1);
    gate.countDown();
    assertThat(wanted.outcome().orTimeout(10, TimeUnit.SECONDS).join()).isInstanceOf(Serving.class);
    for (int i = 0; i < 200; i++) {
      String host = "site" + i + ".localhost";
      await().until(() -> directory().resolve(host) instanceof Serving);
    }
    assertThat(content.mostManifestsAtOnce()).isLessThanOrEqualTo(3);
    assertThat(content.requests("/manifest")).as("each once").hasSize(200);
  }

  @Test
  void pastItsMemoryLiveManifestsAreFetchedOnDemand() {
    for (int i = 0; i < 10; i++) {
      content.publish("site" + i, FIRST, INDEX);
    }
    start(1);
    ready();
    for (int i = 0; i < 10; i++) {
      assertThat(deployment("site" + i + ".localhost")).isEqualTo(FIRST);
    }
  }
}
