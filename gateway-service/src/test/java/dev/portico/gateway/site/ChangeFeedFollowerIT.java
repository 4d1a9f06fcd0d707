package dev.portico.gateway.site;

import static dev.portico.gateway.site.FollowedFeed.CHANGED;
import static dev.portico.gateway.site.FollowedFeed.FIRST;
import static dev.portico.gateway.site.FollowedFeed.INDEX;
import static dev.portico.gateway.site.FollowedFeed.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.site.SiteResolution.Serving;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What follows from the changes of a content-service that is reached over real sockets. */
class ChangeFeedFollowerIT {
  private final FollowedFeed feed = new FollowedFeed();

  @AfterEach
  void stop() {
    feed.close();
  }

  @Test
  void readsAllSitesPageByPageAndServesThem() {
    for (int i = 0; i < 8; i++) {
      feed.content.publish("site" + i, FIRST, INDEX);
    }
    feed.content.hosts("site3", "www.example.com");
    feed.content.activate("empty", null);
    feed.content.delete("site7");
    feed.start();
    feed.ready();
    for (int i = 0; i < 7; i++) {
      assertThat(feed.deployment("site" + i + ".localhost")).isEqualTo(FIRST);
    }
    assertThat(feed.resolve("www.example.com")).isInstanceOf(Serving.class);
    assertThat(feed.resolve("empty.localhost")).isEqualTo(new SiteResolution.Empty("empty"));
    assertThat(feed.resolve("site7.localhost")).isEqualTo(new SiteResolution.SiteGone("site7"));
    assertThat(feed.resolve("nobody.localhost")).isEqualTo(new SiteResolution.Unknown());
    assertThat(feed.resolve("other.example.com")).isEqualTo(new SiteResolution.Unknown());
    assertThat(feed.content.requests("/internal/snapshots?cursor=")).hasSize(3);
  }

  /** By the clock that was set back it would hold until long after its end. */
  @Test
  void aLeaseEndsInTimeThoughTheClockIsSetBackWhileAnAnswerIsAwaited() {
    AtomicLong ahead = new AtomicLong();
    feed.nanoTime = () -> System.nanoTime() + ahead.get();
    feed.start();
    feed.ready();
    await().until(() -> feed.lease().held());
    ahead.set(Duration.ofHours(1).toNanos());
    await().pollInterval(Duration.ofMillis(5)).until(() -> !feed.lease().held());
  }

  @Test
  void followsActivationsRollbacksAndNewHosts() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.start();
    feed.ready();
    await().until(() -> feed.directory().resolve("docs.localhost") instanceof Serving);
    feed.content.publish("docs", SECOND, CHANGED);
    // No Loading in between: the new files were read before the pointer moved.
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(
            () ->
                ((Serving) feed.directory().resolve("docs.localhost"))
                    .files()
                    .deployment()
                    .equals(SECOND));
    feed.content.activate("docs", FIRST);
    await().until(() -> feed.deployment("docs.localhost").equals(FIRST));
    feed.content.hosts("docs", "docs.example.com");
    await().until(() -> feed.deployment("docs.example.com").equals(FIRST));
    feed.content.hosts("docs");
    await().until(() -> feed.resolve("docs.example.com") instanceof SiteResolution.Unknown);
    feed.content.immutableAssets("docs", false);
    await().until(() -> !((Serving) feed.resolve("docs.localhost")).immutableAssets());
    feed.content.publish("new", FIRST, INDEX);
    await().until(() -> feed.deployment("new.localhost").equals(FIRST));
    feed.content.delete("new");
    await().until(() -> feed.resolve("new.localhost") instanceof SiteResolution.SiteGone);
  }

  @Test
  void anActivationIsThereWithinASecond() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.start();
    feed.ready();
    await().until(() -> feed.deployment("docs.localhost").equals(FIRST));
    List<Duration> took = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String next = i % 2 == 0 ? SECOND : FIRST;
      long began = System.nanoTime();
      feed.content.publish("docs", next, INDEX);
      await()
          .pollInterval(Duration.ofMillis(1))
          .until(() -> feed.deployment("docs.localhost").equals(next));
      took.add(Duration.ofNanos(System.nanoTime() - began));
    }
    // A machine that stands still for a moment says nothing of the gateway.
    took.sort(null);
    assertThat(took.get(took.size() / 2)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void howLongAChangeTookUntilItHeldIsShown() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.start();
    feed.ready();
    await().until(() -> feed.deployment("docs.localhost").equals(FIRST));
    feed.content.failManifests(true);
    feed.content.publish("docs", SECOND, CHANGED);
    await().until(() -> feed.delay() > 0.3);
    assertThat(feed.deployment("docs.localhost")).isEqualTo(FIRST);
    feed.content.failManifests(false);
    await().until(() -> feed.deployment("docs.localhost").equals(SECOND));
    double[] before = {0};
    // It grows no more.
    await()
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              double shown = feed.delay();
              boolean same = shown > 0.3 && shown == before[0];
              before[0] = shown;
              return same;
            });
  }

  @Test
  void servesPreviewsByIdAndAlias() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.seal("docs", SECOND, CHANGED);
    feed.content.alias("docs", "next", SECOND);
    feed.start();
    feed.ready();
    String byId = SECOND + "--docs.localhost";
    assertThat(feed.deployment(byId)).isEqualTo(SECOND);
    assertThat(((Serving) feed.resolve(byId)).preview()).isTrue();
    assertThat(feed.deployment("next--docs.localhost")).isEqualTo(SECOND);
    assertThat(((Serving) feed.resolve(FIRST + "--docs.localhost")).preview()).isTrue();
    assertThat(((Serving) feed.resolve("docs.localhost")).preview()).isFalse();
    assertThat(feed.resolve("other--docs.localhost")).isEqualTo(new SiteResolution.Unknown());
    assertThat(feed.resolve("cccccccccccccccccccc--docs.localhost"))
        .isEqualTo(new SiteResolution.Unknown());
    assertThat(feed.resolve(FIRST + "--nobody.localhost")).isEqualTo(new SiteResolution.Unknown());
  }

  @Test
  void aDeletedDeploymentsPreviewGoesAndAnUnknownOneIsAskedForAgain() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.seal("docs", SECOND, CHANGED);
    feed.start();
    feed.ready();
    String preview = SECOND + "--docs.localhost";
    assertThat(feed.deployment(preview)).isEqualTo(SECOND);
    feed.content.deleteDeployment("docs", SECOND);
    await().until(() -> feed.resolve(preview) instanceof SiteResolution.Gone);
    String late = "cccccccccccccccccccc";
    assertThat(feed.resolve(late + "--docs.localhost")).isInstanceOf(SiteResolution.Unknown.class);
    feed.content.seal("docs", late, INDEX);
    await().until(() -> feed.deployment(late + "--docs.localhost").equals(late));
  }
}
