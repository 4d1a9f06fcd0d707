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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A content-service that fails, and Errors in the threads that follow it. */
class ChangeFeedFailureIT {
  private final FollowedFeed feed = new FollowedFeed();

  @AfterEach
  void stop() {
    feed.close();
  }

  @Test
  void anErrorIsCountedAndTheFollowerGoesOn() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.failing.add("change-feed");
    feed.start();
    feed.ready();
    assertThat(feed.failures("change-feed")).isEqualTo(1);
    feed.content.publish("docs", SECOND, CHANGED);
    await().until(() -> feed.deployment("docs.localhost").equals(SECOND));
  }

  @Test
  void anErrorIsCountedAndTheSiteIsTriedAgain() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.start();
    feed.ready();
    await().until(() -> feed.directory().resolve("docs.localhost") instanceof Serving);
    feed.failing.add("site-update");
    feed.content.publish("docs", SECOND, CHANGED);
    await().until(() -> feed.deployment("docs.localhost").equals(SECOND));
    assertThat(feed.failures("site-update")).isEqualTo(1);
    assertThat(feed.failures("change-feed")).isZero();
  }

  @Test
  void anErrorWhileFetchingAheadLosesNoSite() {
    for (int i = 0; i < 8; i++) {
      feed.content.publish("site" + i, FIRST, INDEX);
    }
    feed.failing.add("manifest-ahead");
    feed.start();
    feed.ready();
    for (int i = 0; i < 8; i++) {
      String host = "site" + i + ".localhost";
      await().until(() -> feed.directory().resolve(host) instanceof Serving);
    }
    assertThat(feed.failures("site-update")).isEqualTo(1);
  }

  @Test
  void isNotReadyAndSaysSoUntilContentServiceIsThere() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.away(true);
    feed.start();
    await().until(() -> !feed.content.requests("/internal/snapshots").isEmpty());
    assertThat(feed.follower().ready()).isFalse();
    assertThat(feed.resolve("docs.localhost")).isInstanceOf(SiteResolution.Unavailable.class);
    feed.content.away(false);
    feed.ready();
    assertThat(feed.deployment("docs.localhost")).isEqualTo(FIRST);
  }

  /** It could let in whom an admin has blocked. */
  @Test
  void isNotReadyUntilItKnowsWhatIsSwitchedOn() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.failControls(500);
    feed.start();
    await().until(() -> feed.content.requests("/internal/controls").size() > 1);
    assertThat(feed.follower().ready()).isFalse();
    feed.content.controls("{\"version\":3}");
    feed.content.failControls(0);
    feed.ready();
    assertThat(feed.controls.now().version()).isEqualTo(3);
  }

  @Test
  void goesOnWithTheSitesWhileWhatIsSwitchedOnCannotBeRead() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.controls("{\"version\":3}");
    feed.start();
    feed.ready();
    feed.content.controls("no JSON");
    feed.content.publish("docs", SECOND, CHANGED);
    await().until(() -> feed.deployment("docs.localhost").equals(SECOND));
    assertThat(feed.controls.now().version()).isEqualTo(3);
    feed.content.controls("{\"version\":5}");
    await().until(() -> feed.controls.now().version() == 5);
  }

  /** As that of a release before controls, while all copies are being replaced. */
  @Test
  void anOlderContentServiceSwitchesNothingOff() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.controls("{\"version\":3}");
    feed.start();
    feed.ready();
    feed.content.failControls(404);
    feed.content.controls("{\"version\":4}");
    int before = asked();
    await().until(() -> asked() > before + 1);
    assertThat(feed.controls.now().version()).isEqualTo(3);
    feed.content.trimFeed();
    feed.content.publish("docs", SECOND, CHANGED);
    await().until(() -> feed.deployment("docs.localhost").equals(SECOND));
    int later = asked();
    await().until(() -> asked() > later + 1);
    assertThat(feed.controls.now().version()).isEqualTo(3);
    feed.content.failControls(0);
    await().until(() -> feed.controls.now().version() == 4);
  }

  @Test
  void whatAnOlderContentServiceKnewNothingOfIsReadLater() {
    feed.reread = Duration.ofMillis(100);
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.controls("{\"version\":3}");
    feed.content.failControls(404);
    feed.start();
    feed.ready();
    assertThat(feed.controls.known()).isTrue();
    assertThat(feed.controls.now().version()).isZero();
    // Without another record in the feed.
    feed.content.failControls(0);
    await().until(() -> feed.controls.now().version() == 3);
  }

  /** As an operator does who has locked everybody out. */
  @Test
  void whatIsChangedInTheTableByHandHoldsWithoutARecord() {
    feed.reread = Duration.ofMillis(100);
    feed.content.controls("{\"version\":3,\"blockedAddresses\":[{\"block\":\"192.0.2.1\"}]}");
    feed.start();
    feed.ready();
    assertThat(feed.controls.now().addresses().isEmpty()).isFalse();
    feed.content.controlsByHand("{\"version\":3}");
    await().until(() -> feed.controls.now().addresses().isEmpty());
    feed.content.failControls(500);
    await().until(() -> feed.controls.age().toMillis() > 300);
    feed.content.failControls(0);
    await().until(() -> feed.controls.age().toMillis() < 300);
  }

  private int asked() {
    return feed.content.requests("/internal/controls").size();
  }

  @Test
  void keepsWhatItHoldsWhileContentServiceFailsAndCatchesUp() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.start();
    feed.ready();
    await().until(() -> feed.directory().resolve("docs.localhost") instanceof Serving);
    await().until(() -> feed.follower().connected());
    feed.content.fail(500);
    feed.content.publish("docs", SECOND, CHANGED);
    await().until(() -> !feed.follower().connected());
    assertThat(feed.deployment("docs.localhost")).isEqualTo(FIRST);
    assertThat(feed.follower().ready()).isTrue();
    feed.content.fail(0);
    await().until(() -> feed.deployment("docs.localhost").equals(SECOND));
    feed.content.away(true);
    await().until(() -> !feed.follower().connected());
    assertThat(feed.deployment("docs.localhost")).isEqualTo(SECOND);
    feed.content.activate("docs", FIRST);
    feed.content.away(false);
    await().until(() -> feed.deployment("docs.localhost").equals(FIRST));
  }

  /** It is there: nobody may be told that it is not. */
  @Test
  void aSiteThatCannotBeReadIsUnavailableUntilItCan() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.publish("lost", FIRST, INDEX);
    feed.content.hosts("lost", "www.example.com");
    feed.content.damaged("lost", true);
    feed.start();
    feed.ready();
    await().until(() -> feed.deployment("docs.localhost").equals(FIRST));
    for (String host : List.of("lost.localhost", "next--lost.localhost", "www.example.com")) {
      assertThat(feed.resolve(host)).as(host).isInstanceOf(SiteResolution.Unavailable.class);
    }
    assertThat(feed.resolve("none.localhost")).isEqualTo(new SiteResolution.Unknown());
    assertThat(feed.resolve("www.example.org")).isEqualTo(new SiteResolution.Unknown());
    feed.content.damaged("lost", false);
    await().until(() -> feed.deployment("www.example.com").equals(FIRST));
    assertThat(feed.deployment("lost.localhost")).isEqualTo(FIRST);
  }

  @Test
  void aSiteThatCannotBeReadAnyMoreStaysAsItWas() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.start();
    feed.ready();
    await().until(() -> feed.deployment("docs.localhost").equals(FIRST));
    await().until(() -> feed.follower().connected());
    feed.content.away(true);
    await().until(() -> !feed.follower().connected());
    feed.content.damaged("docs", true);
    feed.content.publish("new", FIRST, INDEX);
    feed.content.trimFeed();
    feed.content.away(false);
    await().until(() -> feed.deployment("new.localhost").equals(FIRST));
    assertThat(feed.deployment("docs.localhost")).isEqualTo(FIRST);
  }

  /** One of which gateways have heard only that it has changed. */
  @Test
  void aNewSiteThatCannotBeReadIsUnavailable() {
    feed.start();
    feed.ready();
    assertThat(feed.resolve("docs.localhost")).isEqualTo(new SiteResolution.Unknown());
    feed.content.damaged("docs", true);
    await().until(() -> feed.resolve("docs.localhost") instanceof SiteResolution.Unavailable);
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.damaged("docs", false);
    await().until(() -> feed.deployment("docs.localhost").equals(FIRST));
  }

  @Test
  void readsEverythingAgainWhenItsPositionIsTooOld() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.start();
    feed.ready();
    await().until(() -> feed.follower().connected());
    feed.content.away(true);
    await().until(() -> !feed.follower().connected());
    feed.content.publish("docs", SECOND, CHANGED);
    feed.content.trimFeed();
    feed.content.away(false);
    await().until(() -> feed.deployment("docs.localhost").equals(SECOND));
    await().until(() -> feed.follower().position() == 3);
  }

  /** A table restored to an earlier time has earlier versions and an earlier end of its feed. */
  @Test
  void takesEarlierVersionsAfterTheTableWasRestored() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.publish("docs", SECOND, CHANGED);
    feed.content.hosts("docs", "www.example.com");
    feed.content.publish("later", FIRST, INDEX);
    feed.start();
    feed.ready();
    await().until(() -> feed.deployment("www.example.com").equals(SECOND));
    feed.content.restore("docs", FIRST);
    await().until(() -> feed.deployment("docs.localhost").equals(FIRST));
    await().until(() -> feed.resolve("later.localhost").equals(new SiteResolution.Unknown()));
    assertThat(feed.resolve("www.example.com")).isEqualTo(new SiteResolution.Unknown());
    feed.content.activate("docs", SECOND);
    await().until(() -> feed.deployment("docs.localhost").equals(SECOND));
  }

  /** The numbers alone would look as if nothing but a few changes had happened meanwhile. */
  @Test
  void noticesARestoredTableWhoseNewChangesHavePassedItsPosition() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.publish("docs", SECOND, CHANGED);
    feed.content.publish("later", FIRST, INDEX);
    feed.start();
    feed.ready();
    await().until(() -> feed.deployment("docs.localhost").equals(SECOND));
    await().until(() -> feed.follower().connected());
    feed.content.away(true);
    await().until(() -> !feed.follower().connected());
    feed.content.restore("docs", FIRST);
    for (int i = 0; i < 5; i++) {
      feed.content.publish("other", FIRST, INDEX);
    }
    feed.content.away(false);
    await().until(() -> feed.deployment("docs.localhost").equals(FIRST));
    await().until(() -> feed.resolve("later.localhost").equals(new SiteResolution.Unknown()));
    assertThat(feed.deployment("other.localhost")).isEqualTo(FIRST);
    await().until(() -> feed.follower().position() == 6);
  }
}
