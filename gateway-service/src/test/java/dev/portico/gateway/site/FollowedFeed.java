package dev.portico.gateway.site;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.cache.invalidation.InvalidationLease;
import dev.portico.gateway.cache.store.MemoryStore;
import dev.portico.gateway.cache.store.ResponseCacheSettings;
import dev.portico.gateway.control.PlatformControls;
import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.origin.OriginSettings;
import dev.portico.gateway.site.SiteResolution.Serving;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A follower, and the content-service whose feed it follows over real sockets. */
final class FollowedFeed implements AutoCloseable {
  static final String FIRST = "aaaaaaaaaaaaaaaaaaaa";
  static final String SECOND = "bbbbbbbbbbbbbbbbbbbb";
  static final Page INDEX = Page.html("/index.html", "one");
  static final Page CHANGED = Page.html("/index.html", "two");

  final ContentFeedServer content = new ContentFeedServer();
  private @Nullable ChangeFeedFollower follower;
  private @Nullable SiteUpdates updates;
  private @Nullable ControlUpdates controlUpdates;
  private @Nullable InvalidationLease lease;
  private @Nullable SiteDirectory directory;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final Set<String> failing = ConcurrentHashMap.newKeySet();
  final PlatformControls controls = new PlatformControls();
  LongSupplier nanoTime = System::nanoTime;
  Duration demandWait = Duration.ofSeconds(10);
  Duration reread = Duration.ofMinutes(1);

  void start() {
    start(0);
  }

  void start(long liveSize) {
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
    SharedPolicies policies = new SharedPolicies(internal);
    Previews previews =
        new Previews(
            loader,
            new PreviewSettings(internal, policies, settings, unexpected),
            policies,
            settings);
    HeldSites sites = new FailingSites(settings, loader, previews, policies);
    directory = new SiteDirectory(new SiteDomain("localhost"), settings, sites, loader, previews);
    updates =
        new SiteUpdates(
            internal, loader, sites, policies, settings, new FeedDelay(registry), unexpected);
    MemoryStore responses = new MemoryStore(new ResponseCacheSettings(1 << 20, 1 << 16, 0));
    lease = new InvalidationLease(responses, nanoTime);
    controlUpdates = new ControlUpdates(internal, controls, unexpected, reread);
    follower =
        new ChangeFeedFollower(
            internal,
            updates,
            controlUpdates,
            sites,
            policies,
            responses,
            lease,
            new ReleaseCounts(),
            feed,
            unexpected);
    follower.start();
  }

  /** Sites among which a thread can be made to run into an Error. */
  private final class FailingSites extends HeldSites {
    FailingSites(
        ManifestSettings settings,
        ManifestLoader loader,
        Previews previews,
        SharedPolicies policies) {
      super(settings, loader, previews, policies);
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

  double failures(String work) {
    return registry.get("portico.unexpected.failures").tag("work", work).counter().count();
  }

  double delay() {
    return registry.get("portico.feed.delay").gauge().value();
  }

  SiteDirectory directory() {
    return requireNonNull(directory);
  }

  InvalidationLease lease() {
    return requireNonNull(lease);
  }

  ChangeFeedFollower follower() {
    return requireNonNull(follower);
  }

  @Override
  public void close() {
    if (follower != null && updates != null) {
      follower.stop();
      updates.stop();
    }
    if (controlUpdates != null) {
      controlUpdates.stop();
    }
    content.close();
  }

  SiteResolution resolve(String host) {
    SiteResolution resolution = directory().resolve(host);
    return resolution instanceof SiteResolution.Loading loading
        ? loading.outcome().orTimeout(10, TimeUnit.SECONDS).join()
        : resolution;
  }

  String deployment(String host) {
    return resolve(host) instanceof Serving serving ? serving.files().deployment() : "none";
  }

  void ready() {
    await().until(() -> follower().ready());
  }
}
