package dev.portico.gateway.site;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.portico.gateway.site.UnexpectedFailures.Work;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the settings of previews that have some of their own, and remembers them as long as their
 * site does not change: what is held was asked for at the site's present version. While
 * content-service is down or hangs the last that were read are used.
 */
@Singleton
class PreviewSettings {
  /** Bytes of JSON of the settings held. */
  private static final long HELD_BYTES = 16 << 20;

  private static final int SMALL_WEIGHT = 256;
  private static final long NO_VERSION = -1;
  private static final long LASTING_NANOS = Duration.ofDays(36_500).toNanos();

  private static final Logger LOG = LoggerFactory.getLogger(PreviewSettings.class);

  private final ContentInternal content;
  private final SharedPolicies policies;
  private final UnexpectedFailures unexpected;
  private final long failureNanos;
  private final LoadLane lane;
  private final AtomicLong reading = new AtomicLong();
  private final Cache<Key, Held> held =
      Caffeine.newBuilder()
          .maximumWeight(HELD_BYTES)
          .weigher((Key key, Held value) -> weight(value.answer()))
          .build();
  private final ConcurrentMap<Asked, CompletableFuture<SettingsAnswer>> loading =
      new ConcurrentHashMap<>();

  /**
   * Whose settings.
   *
   * @param deployment that is shown
   * @param context {@code preview}, {@code alias:{name}} or {@code production}
   */
  record Key(DeploymentKey deployment, String context) {}

  private record Asked(Key key, long version, boolean strict, long reading) {}

  private record Held(SettingsAnswer answer, long version, long readNanos, long forNanos) {}

  PreviewSettings(
      ContentInternal content,
      SharedPolicies policies,
      ManifestSettings settings,
      UnexpectedFailures unexpected) {
    this.content = content;
    this.policies = policies;
    this.unexpected = unexpected;
    this.failureNanos = settings.failureMemory().toNanos();
    this.lane = new LoadLane(settings.previewParallelism(), settings.waitingLimit());
  }

  private static int weight(SettingsAnswer answer) {
    return SMALL_WEIGHT + (answer instanceof SettingsAnswer.Found found ? found.bytes() : 0);
  }

  /**
   * What is remembered, or null when it must be loaded.
   *
   * @param version of the site
   */
  @Nullable SettingsAnswer held(Key key, long version) {
    Held value = held.getIfPresent(key);
    return value == null
            || value.version() != version
            || System.nanoTime() - value.readNanos() > value.forNanos()
        ? null
        : value.answer();
  }

  /** What was read last, at whatever version of the site; failed when nothing is remembered. */
  SettingsAnswer last(Key key) {
    Held value = held.getIfPresent(key);
    return value == null ? SettingsAnswer.FAILED : value.answer();
  }

  /**
   * Loads settings; who asks for the same meanwhile gets the same answer.
   *
   * @param version of the site
   * @param strict whether the last that were read do not stand in when these cannot be: they may
   *     let in whom the site keeps out by now
   * @return never completed exceptionally
   */
  CompletableFuture<SettingsAnswer> load(Key key, long version, boolean strict) {
    Asked asked = new Asked(key, version, strict, reading.get());
    CompletableFuture<SettingsAnswer> mine = new CompletableFuture<>();
    CompletableFuture<SettingsAnswer> other = loading.putIfAbsent(asked, mine);
    if (other != null) {
      return other;
    }
    if (lane.enter()) {
      Thread.ofVirtual().name("preview-settings").start(() -> takeTurn(asked, mine));
    } else {
      finish(asked, mine, SettingsAnswer.FAILED);
    }
    return mine;
  }

  private void takeTurn(Asked asked, CompletableFuture<SettingsAnswer> mine) {
    try {
      lane.run(
          () -> {
            SettingsAnswer answer = SettingsAnswer.FAILED;
            try {
              answer = fetch(asked.key());
            } finally { // Whatever happened, those who wait get an answer.
              finish(asked, mine, answer);
            }
          });
    } finally {
      lane.leave();
    }
  }

  private SettingsAnswer fetch(Key key) {
    try {
      SettingsAnswer answer = content.settings(key.deployment(), key.context());
      if (answer instanceof SettingsAnswer.Found found) {
        policies.require(found.settings());
      }
      return answer;
    } catch (IOException e) {
      LOG.warn("could not read the settings of {}: {}", key, e.toString());
      return SettingsAnswer.FAILED;
    } catch (Throwable e) {
      LOG.error("could not read the settings of {}", key, e);
      unexpected.count(Work.MANIFEST, e);
      return SettingsAnswer.FAILED;
    }
  }

  private void finish(Asked asked, CompletableFuture<SettingsAnswer> mine, SettingsAnswer read) {
    // That there are none is what a release without them says too, which may be about to go.
    boolean lasting =
        read instanceof SettingsAnswer.Found || read instanceof SettingsAnswer.Refused;
    Held before = held.getIfPresent(asked.key());
    SettingsAnswer last = before == null ? SettingsAnswer.FAILED : before.answer();
    boolean usable =
        !asked.strict()
            && (last instanceof SettingsAnswer.Found || last instanceof SettingsAnswer.None);
    SettingsAnswer answer = usable && !lasting ? last : read;
    long version = asked.reading() == reading.get() ? asked.version() : NO_VERSION;
    held.put(
        asked.key(),
        new Held(answer, version, System.nanoTime(), lasting ? LASTING_NANOS : failureNanos));
    loading.remove(asked, mine);
    mine.complete(answer);
  }

  /** Has everything asked for again: versions may begin anew. Until then what is held is used. */
  void readAnew() {
    reading.incrementAndGet();
    held.asMap()
        .replaceAll(
            (key, value) ->
                new Held(value.answer(), NO_VERSION, value.readNanos(), value.forNanos()));
  }
}
