package dev.portico.gateway.site;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.access.rule.AccessPolicy;
import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.response.policy.PolicyRules;
import dev.portico.gateway.site.SiteResolution.Serving;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies that sites share: when they come, change, and cannot be had. */
class SharedPoliciesIT {
  private static final String FIRST = "aaaaaaaaaaaaaaaaaaaa";
  private static final String SECOND = "bbbbbbbbbbbbbbbbbbbb";
  private static final Page INDEX = Page.html("/index.html", "home");
  private static final String CACHE =
      "{\"kind\":\"cache\",\"cache\":{\"id\":\"lists\",\"maxTtlSeconds\":%d}}";
  private static final String NAMING = "{\"defaultBehaviour\":{\"cachePolicy\":\"lists\"}}";

  private final FollowedFeed feed = new FollowedFeed();

  @AfterEach
  void stop() {
    feed.close();
  }

  /** How long a host's responses are fresh at most, in seconds; -1: nothing is served. */
  private long ttl(String host) {
    if (feed.resolve(host) instanceof Serving serving) {
      CachePolicy policy = serving.settings().cachePolicy(serving.settings().behaviours().of("/"));
      return policy == null ? 0 : policy.maxTtl().toSeconds();
    }
    return -1;
  }

  private void start() {
    feed.start();
    feed.ready();
  }

  @Test
  void aChangeReachesAllSitesThatNameItAndReadsNone() {
    feed.content.policy("lists", CACHE.formatted(60));
    for (int i = 0; i < 5; i++) {
      feed.content.publish("site" + i, FIRST, INDEX);
      feed.content.settings("site" + i, NAMING);
    }
    feed.content.publish("other", FIRST, INDEX);
    start();
    for (int i = 0; i < 5; i++) {
      assertThat(ttl("site" + i + ".localhost")).isEqualTo(60);
    }
    Serving other = (Serving) feed.resolve("other.localhost");
    Serving before = (Serving) feed.resolve("site0.localhost");
    int read = feed.content.requests("/snapshot").size();
    feed.content.policy("lists", CACHE.formatted(5));
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              for (int i = 0; i < 5; i++) {
                if (ttl("site" + i + ".localhost") != 5) {
                  return false;
                }
              }
              return true;
            });
    assertThat(feed.content.requests("/snapshot")).hasSize(read);
    assertThat(feed.directory().resolve("other.localhost")).isSameAs(other);
    Serving after = (Serving) feed.resolve("site0.localhost");
    assertThat(after.files()).isSameAs(before.files());
    assertThat(before.settings().cachePolicies().values())
        .as("a request that had begun keeps what it began with")
        .extracting(CachePolicy::maxTtl)
        .containsExactly(Duration.ofMinutes(1));
    assertThat(after.settings().sharedPolicies()).containsOnlyKeys("lists");
  }

  @Test
  void aSiteThatNamesAPolicyThatIsNotThereKeepsWhatItHasUntilItIs() {
    feed.content.publish("docs", FIRST, INDEX);
    start();
    assertThat(ttl("docs.localhost")).isZero();
    feed.content.settings("docs", NAMING);
    feed.content.publish("docs", SECOND, INDEX);
    await().until(() -> feed.content.requests("/internal/policies").size() > 2);
    // What the new settings close is closed already; so previews have them, and wait.
    String preview = FIRST + "--docs.localhost";
    await().until(() -> feed.resolve(preview) instanceof SiteResolution.Unavailable);
    assertThat(feed.deployment("docs.localhost")).isEqualTo(FIRST);
    assertThat(ttl("docs.localhost")).isZero();
    feed.content.policy("lists", CACHE.formatted(7));
    await().until(() -> ttl("docs.localhost") == 7);
    assertThat(ttl(preview)).isEqualTo(7);
    assertThat(feed.deployment("docs.localhost")).isEqualTo(SECOND);
  }

  @Test
  void aSiteOfWhichNothingIsHeldIsNotServedWithoutItsPolicy() {
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.hosts("docs", "docs.example.com");
    feed.content.settings("docs", NAMING);
    // Of the name and of another kind: not what is asked for.
    feed.content.policy(
        "lists", "{\"kind\":\"responseHeaders\",\"responseHeaders\":{\"id\":\"lists\"}}");
    start();
    assertThat(feed.resolve("docs.localhost")).isInstanceOf(SiteResolution.Unavailable.class);
    assertThat(feed.resolve("docs.example.com")).isInstanceOf(SiteResolution.Unavailable.class);
    feed.content.policy("lists", CACHE.formatted(7));
    await().until(() -> ttl("docs.example.com") == 7);
  }

  private static final String GUARDED =
      "{\"defaultBehaviour\":{\"cachePolicy\":\"lists\",\"accessPolicy\":\"team\"},"
          + "\"accessPolicies\":[{\"id\":\"team\",\"groups\":{\"any\":[\"staff\"]}}]}";

  /** The access policies of a page; empty where everyone may have it. */
  private List<AccessPolicy> asked(String host) {
    Serving serving = (Serving) feed.resolve(host);
    SiteSettings settings = serving.settings();
    return settings.accessPolicies(
        settings.behaviours().of("/"), "/", serving.preview(), serving.besides());
  }

  /** Whether the files are in memory or fetched on demand. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1 << 20})
  void whatIsClosedWaitsForNoPolicy(long liveSize) {
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.seal("docs", SECOND, INDEX);
    feed.start(liveSize);
    feed.ready();
    String preview = SECOND + "--docs.localhost";
    assertThat(asked("docs.localhost")).isEmpty();
    assertThat(asked(preview)).isEmpty();
    feed.content.settings("docs", GUARDED);
    await().until(() -> !asked("docs.localhost").isEmpty());
    assertThat(asked("docs.localhost")).isEqualTo(List.of(AccessPolicy.notUnderstood("closed")));
    assertThat(asked(preview)).isNotEmpty();
    assertThat(feed.deployment("docs.localhost")).isEqualTo(FIRST);
    feed.content.policy("lists", CACHE.formatted(7));
    await().until(() -> ttl("docs.localhost") == 7);
    assertThat(asked("docs.localhost")).extracting(AccessPolicy::id).containsExactly("team");
    assertThat(asked(preview)).extracting(AccessPolicy::id).containsExactly("team");
  }

  /** All sites are read while their policies cannot be. */
  @Test
  void policiesThatCannotBeReadKeepNoGatewayFromSitesThatNameNone() {
    feed.content.policy("lists", CACHE.formatted(7));
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.settings("docs", NAMING);
    feed.content.publish("other", FIRST, INDEX);
    feed.content.failPolicies(true);
    start();
    assertThat(feed.deployment("other.localhost")).isEqualTo(FIRST);
    assertThat(feed.resolve("docs.localhost")).isInstanceOf(SiteResolution.Unavailable.class);
    feed.content.failPolicies(false);
    await().until(() -> ttl("docs.localhost") == 7);
  }

  @Test
  void aPolicyThatHasGoneStopsNoChangeOfOthers() {
    String house = "{\"responseHeaders\":{\"id\":\"house\"}}";
    feed.content.policy("lists", CACHE.formatted(60));
    feed.content.policy("house", house);
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.settings(
        "docs",
        "{\"defaultBehaviour\":"
            + "{\"cachePolicy\":\"lists\",\"responseHeadersPolicy\":\"house\"}}");
    start();
    PolicyRules rules = requireNonNull(responseRules("docs.localhost"));
    feed.content.policy("house", null);
    feed.content.policy("lists", CACHE.formatted(5));
    await().until(() -> ttl("docs.localhost") == 5);
    assertThat(responseRules("docs.localhost")).isEqualTo(rules);
    // It is a shared one still: anew, it holds.
    feed.content.policy(
        "house",
        "{\"responseHeaders\":{\"id\":\"house\",\"custom\":[{\"name\":\"X-Team\",\"value\":\"a\"}]}}");
    await().until(() -> !rules.equals(responseRules("docs.localhost")));
    assertThat(((Serving) feed.resolve("docs.localhost")).settings().sharedPolicies())
        .containsOnlyKeys("lists", "house");
  }

  @Test
  void aSitesOwnPolicyComesFirst() {
    feed.content.policy("lists", CACHE.formatted(60));
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.settings(
        "docs",
        "{\"cachePolicies\":[{\"id\":\"lists\",\"maxTtlSeconds\":3}],"
            + "\"defaultBehaviour\":{\"cachePolicy\":\"lists\"}}");
    start();
    assertThat(ttl("docs.localhost")).isEqualTo(3);
    assertThat(((Serving) feed.resolve("docs.localhost")).settings().sharedPolicies()).isEmpty();
    feed.content.policy("lists", CACHE.formatted(61));
    feed.content.publish("later", FIRST, INDEX);
    await().until(() -> feed.deployment("later.localhost").equals(FIRST));
    assertThat(ttl("docs.localhost")).isEqualTo(3);
  }

  private @Nullable PolicyRules responseRules(String host) {
    return feed.resolve(host) instanceof Serving serving
        ? serving.settings().responsePolicy(serving.settings().behaviours().of("/"))
        : null;
  }

  @Test
  void previewsHaveThemToo() {
    String house =
        "{\"responseHeaders\":{\"id\":\"house\",\"custom\":[{\"name\":\"X-Team\",\"value\":\"%s\"}]}}";
    feed.content.policy("house", house.formatted("a"));
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.seal("docs", SECOND, INDEX, Page.of("/portico.yml", "text/plain", "x"));
    feed.content.previewSettings(
        "docs", SECOND, "preview", "{\"defaultBehaviour\":{\"responseHeadersPolicy\":\"house\"}}");
    start();
    String preview = SECOND + "--docs.localhost";
    PolicyRules first = requireNonNull(responseRules(preview));
    int read = feed.content.requests("/settings").size();
    feed.content.policy("house", house.formatted("b"));
    await().until(() -> !first.equals(responseRules(preview)) && responseRules(preview) != null);
    assertThat(feed.content.requests("/settings")).hasSize(read);
  }

  @Test
  void theyAreReadAgainWithAllSites() {
    feed.content.policy("lists", CACHE.formatted(60));
    feed.content.publish("docs", FIRST, INDEX);
    feed.content.settings("docs", NAMING);
    start();
    assertThat(ttl("docs.localhost")).isEqualTo(60);
    feed.content.away(true);
    feed.content.policy("lists", CACHE.formatted(8));
    feed.content.trimFeed();
    assertThat(ttl("docs.localhost")).isEqualTo(60);
    feed.content.away(false);
    await().until(() -> ttl("docs.localhost") == 8);
  }
}
