package dev.portico.gateway.site;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.portico.gateway.site.UnexpectedFailures.Work;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches manifests: each once at a time however many ask, a bounded number at the same time. Live
 * deployments and previews have lanes of their own, so that however many previews are asked for no
 * site waits behind them. Remembers those of previews, and for a short while what was not to be
 * had.
 */
@Singleton
class ManifestLoader {
  private static final Logger LOG = LoggerFactory.getLogger(ManifestLoader.class);
  private static final int SMALL_WEIGHT = 256;

  private final ContentInternal content;
  private final ManifestSettings settings;
  private final UnexpectedFailures unexpected;
  private final Cache<DeploymentKey, Held> held;
  private final ConcurrentMap<DeploymentKey, Load> loading = new ConcurrentHashMap<>();
  private final Set<DeploymentKey> rechecking = ConcurrentHashMap.newKeySet();
  // When a site last changed, by System.nanoTime(): what is held of it should be checked.
  private final Map<String, Long> changedNanos = new ConcurrentHashMap<>();
  private final LoadLane live;
  private final LoadLane previews;

  private record Held(ManifestAnswer answer, long checkedNanos) {}

  /**
   * A load that waits for its turn or runs. It may wait in both lanes; the first turn counts.
   *
   * @param live whether it is in the lane of live deployments, now or from the start
   * @param begun whether it has had its turn
   */
  private record Load(
      CompletableFuture<ManifestAnswer> answer, AtomicBoolean live, AtomicBoolean begun) {
    Load() {
      this(new CompletableFuture<>(), new AtomicBoolean(), new AtomicBoolean());
    }
  }

  @Inject
  ManifestLoader(
      ContentInternal content, ManifestSettings settings, UnexpectedFailures unexpected) {
    this.unexpected = unexpected;
    this.content = content;
    this.settings = settings;
    this.live =
        new LoadLane(
            settings.aheadParallelism() + settings.demandParallelism(), settings.waitingLimit());
    this.previews = new LoadLane(settings.previewParallelism(), settings.waitingLimit());
    this.held =
        Caffeine.newBuilder()
            .maximumWeight(settings.previewSize())
            .weigher((DeploymentKey key, Held value) -> weight(value.answer()))
            .expireAfter(Expiry.writing((DeploymentKey key, Held value) -> memory(value.answer())))
            .build();
  }

  /**
   * The bytes, but never more than all there may be: one huge manifest is held rather than fetched
   * for every request.
   */
  private int weight(ManifestAnswer answer) {
    if (!(answer instanceof ManifestAnswer.Files found)) {
      return SMALL_WEIGHT;
    }
    long most = Math.min(Integer.MAX_VALUE, settings.previewSize());
    return (int) Math.min(most, found.files().footprint() + SMALL_WEIGHT);
  }

  private Duration memory(ManifestAnswer answer) {
    return switch (answer) {
      case ManifestAnswer.Files files -> Duration.ofDays(36_500);
      case ManifestAnswer.Unknown unknown -> settings.unknownMemory();
      case ManifestAnswer.Gone gone -> settings.goneMemory();
      case ManifestAnswer.Failed failed -> settings.failureMemory();
    };
  }

  /**
   * What is remembered about a deployment, or null when it must be loaded. Now and then makes sure,
   * in the background, that what is held still exists; while content-service is down it is kept.
   */
  @Nullable ManifestAnswer held(DeploymentKey key) {
    Held value = held.getIfPresent(key);
    if (value == null) {
      return null;
    }
    if (isOld(key, value)
        && value.answer() instanceof ManifestAnswer.Files
        && rechecking.add(key)) {
      Thread.ofVirtual()
          .name("manifest-recheck")
          .start(() -> previews.run(() -> recheck(key, value)));
    }
    return value.answer();
  }

  private boolean isOld(DeploymentKey key, Held value) {
    Long changed = changedNanos.get(key.site());
    return System.nanoTime() - value.checkedNanos() > settings.recheckAfter().toNanos()
        || (changed != null && changed - value.checkedNanos() > 0);
  }

  /** Notes that a site changed: a deployment of it may have been deleted. */
  void siteChanged(String site) {
    changedNanos.put(site, System.nanoTime());
  }

  private void recheck(DeploymentKey key, Held value) {
    try {
      boolean exists = content.exists(key.site(), key.deployment());
      held.put(key, held(exists ? value.answer() : ManifestAnswer.GONE));
    } catch (IOException e) {
      LOG.debug("could not check that {} still exists", key, e);
      held.put(key, held(value.answer()));
    } catch (Throwable e) {
      LOG.error("could not check that {} still exists", key, e);
      held.put(key, held(value.answer()));
      unexpected.count(Work.MANIFEST, e);
    } finally {
      rechecking.remove(key);
    }
  }

  private static Held held(ManifestAnswer answer) {
    return new Held(answer, System.nanoTime());
  }

  /** Loads the manifest of a live deployment; who asks for it meanwhile gets the same answer. */
  CompletableFuture<ManifestAnswer> load(DeploymentKey key) {
    return load(key, true);
  }

  /** Loads the manifest of a deployment that is looked at, and gives way to live ones. */
  CompletableFuture<ManifestAnswer> loadPreview(DeploymentKey key) {
    return load(key, false);
  }

  private CompletableFuture<ManifestAnswer> load(DeploymentKey key, boolean forLive) {
    Load mine = new Load();
    Load other = loading.putIfAbsent(key, mine);
    Load load = other == null ? mine : other;
    if (forLive) {
      // One that waits among the previews goes on in the other lane when its deployment is live.
      if (!load.live().getAndSet(true)) {
        enter(live, key, load);
      }
    } else if (other == null) {
      enter(previews, key, load);
    }
    return load.answer();
  }

  private void enter(LoadLane lane, DeploymentKey key, Load load) {
    if (lane.enter()) {
      Thread.ofVirtual().name("manifest").start(() -> takeTurn(lane, key, load));
    } else if (load.begun().compareAndSet(false, true)) {
      finish(key, load, ManifestAnswer.FAILED);
    }
  }

  private void takeTurn(LoadLane lane, DeploymentKey key, Load load) {
    try {
      lane.run(
          () -> {
            if (load.begun().compareAndSet(false, true)) {
              fetch(key, load);
            }
          });
    } finally {
      lane.leave();
    }
  }

  private void finish(DeploymentKey key, Load load, ManifestAnswer answer) {
    held.put(key, held(answer));
    loading.remove(key, load);
    load.answer().complete(answer);
  }

  private void fetch(DeploymentKey key, Load load) {
    ManifestAnswer answer = ManifestAnswer.FAILED;
    try {
      answer = fetch(key);
    } finally { // Whatever happened, those who wait get an answer.
      finish(key, load, answer);
    }
  }

  private ManifestAnswer fetch(DeploymentKey key) {
    try {
      return content.manifest(key.site(), key.deployment());
    } catch (IOException e) {
      LOG.warn("could not read the manifest of {}: {}", key, e.toString());
      return ManifestAnswer.FAILED;
    } catch (Throwable e) {
      LOG.error("could not read the manifest of {}", key, e);
      unexpected.count(Work.MANIFEST, e);
      return ManifestAnswer.FAILED;
    }
  }

  /** Takes files that were held elsewhere until now. */
  void hold(DeploymentKey key, DeploymentFiles files) {
    held.put(key, held(new ManifestAnswer.Files(files)));
  }

  /** Forgets a deployment that is held elsewhere from now on. */
  void forget(DeploymentKey key) {
    held.invalidate(key);
  }
}
