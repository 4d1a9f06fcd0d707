package dev.portico.gateway.site;

import static dev.portico.gateway.site.FollowedFeed.CHANGED;
import static dev.portico.gateway.site.FollowedFeed.FIRST;
import static dev.portico.gateway.site.FollowedFeed.INDEX;
import static dev.portico.gateway.site.FollowedFeed.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.site.SiteResolution.Serving;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When manifests are fetched, and who waits for them. */
class ManifestLoadingIT {
  private final FollowedFeed feed = new FollowedFeed();

  @AfterEach
  void stop() {
    feed.close();
  }

  /** A deployment of this number by name. */
  private static String numbered(int number) {
    String binary = "%13s".formatted(Integer.toBinaryString(number));
    return "preview" + binary.replace(' ', 'a').replace('0', 'a').replace('1', 'b');
  }

  private SiteResolution ask(String host) {
    return feed.directory().resolve(host);
  }

  @Test
  void keepsTheOldFilesUntilTheNewOnesAreRead() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.publish("shop", FIRST, INDEX);
    feed.start();
    feed.ready();
    await().until(() -> feed.directory().resolve("docs.localhost") instanceof Serving);
    await().until(() -> feed.directory().resolve("shop.localhost") instanceof Serving);
    CountDownLatch gate = new CountDownLatch(1);
    feed.content.gateManifests(gate);
    feed.content.publish("docs", SECOND, CHANGED);
    await().until(() -> !feed.content.requests("docs/deployments/" + SECOND).isEmpty());
    assertThat(feed.deployment("docs.localhost")).isEqualTo(FIRST);
    // Another site is not held up.
    feed.content.delete("shop");
    await().until(() -> feed.resolve("shop.localhost") instanceof SiteResolution.SiteGone);
    gate.countDown();
    await().until(() -> feed.deployment("docs.localhost").equals(SECOND));
  }

  @Test
  void aRequestWaitsForAManifestNoLongerThanItMay() {
    feed.demandWait = Duration.ofMillis(50);
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.seal("docs", SECOND, CHANGED);
    feed.start();
    feed.ready();
    await().until(() -> feed.resolve("docs.localhost") instanceof SiteResolution.Serving);
    assertThat(feed.deployment("docs.localhost")).isEqualTo(FIRST);
    CountDownLatch gate = new CountDownLatch(1);
    feed.content.gateManifests(gate);
    String preview = SECOND + "--docs.localhost";
    assertThat(feed.resolve(preview)).isInstanceOf(SiteResolution.Unavailable.class);
    gate.countDown();
    await().until(() -> feed.deployment(preview).equals(SECOND));
    assertThat(feed.content.requests(SECOND + "/manifest")).as("fetching went on").hasSize(1);
  }

  /** More previews are asked for than may be fetched, or wait, and none of them comes. */
  @Test
  void liveDeploymentsDoNotWaitBehindPreviews() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.seal("docs", SECOND, CHANGED);
    feed.start();
    feed.ready();
    await().until(() -> ask("docs.localhost") instanceof Serving);
    CountDownLatch gate = new CountDownLatch(1);
    feed.content.gateManifests(gate, path -> path.contains("/deployments/preview"));
    List<SiteResolution> previews =
        IntStream.range(0, 98).mapToObj(i -> ask(numbered(i) + "--docs.localhost")).toList();
    assertThat(previews).allMatch(one -> one instanceof SiteResolution.Loading);
    await().until(() -> feed.content.requests("/deployments/preview").size() == 2);
    SiteResolution.Loading looked = (SiteResolution.Loading) ask(SECOND + "--docs.localhost");
    assertThat(looked.outcome()).as("waits behind the others").isNotDone();

    feed.content.publish("new", FIRST, INDEX);
    await().until(() -> ask("new.localhost") instanceof Serving);
    feed.content.activate("docs", SECOND);
    await().until(() -> feed.deployment("docs.localhost").equals(SECOND));
    assertThat(looked.outcome().orTimeout(10, TimeUnit.SECONDS).join())
        .as("who looked at it has it too")
        .isInstanceOf(Serving.class);
    assertThat(feed.content.requests("docs/deployments/" + SECOND)).as("fetched once").hasSize(1);
    assertThat(feed.content.requests("/deployments/preview")).as("no more at a time").hasSize(2);
    gate.countDown();
    for (SiteResolution one : previews) {
      assertThat(((SiteResolution.Loading) one).outcome().orTimeout(10, TimeUnit.SECONDS).join())
          .isInstanceOf(SiteResolution.Unknown.class);
    }
  }

  @Test
  void tooManyPreviewsAreRefusedAndLiveDeploymentsAreNot() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.start();
    feed.ready();
    await().until(() -> ask("docs.localhost") instanceof Serving);
    CountDownLatch gate = new CountDownLatch(1);
    feed.content.gateManifests(gate, path -> path.contains("/deployments/preview"));
    for (int i = 0; i < 100; i++) {
      ask(numbered(i) + "--docs.localhost");
    }
    String another = numbered(1000) + "--docs.localhost";
    assertThat(feed.resolve(another)).isInstanceOf(SiteResolution.Unavailable.class);
    feed.content.publish("docs", SECOND, CHANGED);
    await().until(() -> feed.deployment("docs.localhost").equals(SECOND));
    gate.countDown();
    await().until(() -> feed.resolve(another) instanceof SiteResolution.Unknown);
  }

  @Test
  void aManifestIsFetchedOnceHoweverManyAsk() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.seal("docs", SECOND, CHANGED);
    feed.start();
    feed.ready();
    await().until(() -> feed.directory().resolve("docs.localhost") instanceof Serving);
    CountDownLatch gate = new CountDownLatch(1);
    feed.content.gateManifests(gate);
    String preview = SECOND + "--docs.localhost";
    List<SiteResolution> waiting =
        IntStream.range(0, 100).mapToObj(i -> feed.directory().resolve(preview)).toList();
    gate.countDown();
    for (SiteResolution one : waiting) {
      SiteResolution.Loading loading = (SiteResolution.Loading) one;
      assertThat(loading.outcome().orTimeout(10, TimeUnit.SECONDS).join())
          .isInstanceOf(Serving.class);
    }
    assertThat(feed.content.requests("GET /internal/sites/docs/deployments/" + SECOND)).hasSize(1);
  }

  @Test
  void aStartWithManySitesFetchesFewManifestsAtATimeAndThoseAskedForBesides() {
    for (int i = 0; i < 200; i++) {
      feed.content.publish("site" + i, FIRST, INDEX);
    }
    CountDownLatch gate = new CountDownLatch(1);
    feed.content.gateManifests(gate);
    feed.start();
    feed.ready();
    await().until(() -> feed.content.mostManifestsAtOnce() == 2);
    SiteResolution.Loading wanted =
        (SiteResolution.Loading) feed.directory().resolve("site199.localhost");
    await().until(() -> feed.content.requests("/internal/sites/site199/").size() == 1);
    gate.countDown();
    assertThat(wanted.outcome().orTimeout(10, TimeUnit.SECONDS).join()).isInstanceOf(Serving.class);
    for (int i = 0; i < 200; i++) {
      String host = "site" + i + ".localhost";
      await().until(() -> feed.directory().resolve(host) instanceof Serving);
    }
    assertThat(feed.content.mostManifestsAtOnce()).isLessThanOrEqualTo(3);
    assertThat(feed.content.requests("/manifest")).as("each once").hasSize(200);
  }

  @Test
  void pastItsMemoryLiveManifestsAreFetchedOnDemand() {
    for (int i = 0; i < 10; i++) {
      feed.content.publish("site" + i, FIRST, INDEX);
    }
    feed.start(1);
    feed.ready();
    for (int i = 0; i < 10; i++) {
      assertThat(feed.deployment("site" + i + ".localhost")).isEqualTo(FIRST);
    }
  }
}
