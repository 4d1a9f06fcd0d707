package dev.portico.gateway.site;

import dev.portico.gateway.exchange.ShareCount;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What viewers get of sites with a gradual release that content-service watches: those who have a
 * share in it, and those who drew and have none. Sent with each question for changes
 * (deploy/contracts/README.md). Content-service keeps no sums, so that a gateway that starts again
 * begins at nothing.
 */
@Singleton
public final class ReleaseCounts {
  /** Releases of which counts are sent at most; each has four, and a question at most 1,000. */
  static final int MOST = 240;

  /**
   * Requests of a release's viewers at which all its counts are halved: what was long ago counts
   * less and less, and a release that fails after a long time is found out soon.
   */
  static final long HALVED_AT = 10_000;

  private final Map<Step, Counts> counts = new ConcurrentHashMap<>();

  /** Nothing counted yet. */
  public ReleaseCounts() {}

  private record Step(String site, String counted) {}

  /** Of one step of one release. What was halved away is subtracted; only one thread reads. */
  private static final class Counts {
    private final ShareCount released = new ShareCount();
    private final ShareCount live = new ShareCount();
    private final long[] away = new long[4];

    long[] read() {
      long[] now = {released.requests(), released.errors(), live.requests(), live.errors()};
      for (int i = 0; i < now.length; i++) {
        now[i] -= away[i];
      }
      if (now[0] >= HALVED_AT) {
        for (int i = 0; i < now.length; i++) {
          long half = now[i] / 2;
          away[i] += half;
          now[i] -= half;
        }
      }
      return now;
    }
  }

  /**
   * Where a viewer's exchange is counted.
   *
   * @param counted the name of the release's step
   * @param released whether the viewer has a share in it
   */
  public ShareCount of(String site, String counted, boolean released) {
    Counts found = counts.computeIfAbsent(new Step(site, counted), step -> new Counts());
    return released ? found.released : found.live;
  }

  /**
   * Adds what is counted of the releases that are under way, and forgets that of all others. For
   * one thread only.
   *
   * @param underWay the site's name → the name of its release's step
   */
  void addTo(Map<String, Long> counters, Map<String, String> underWay) {
    counts.keySet().removeIf(step -> !step.counted().equals(underWay.get(step.site())));
    counts.entrySet().stream()
        .limit(MOST)
        .forEach(
            entry -> {
              String name =
                  "release/" + entry.getKey().site() + '/' + entry.getKey().counted() + '/';
              long[] now = entry.getValue().read();
              counters.put(name + "requests", now[0]);
              counters.put(name + "errors", now[1]);
              counters.put(name + "live-requests", now[2]);
              counters.put(name + "live-errors", now[3]);
            });
  }
}
