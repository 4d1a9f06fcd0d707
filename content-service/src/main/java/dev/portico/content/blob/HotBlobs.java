package dev.portico.content.blob;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What gateways said lately that viewers ask for often, for those that start. It is a hint, and so
 * only in the memory of the copy that was told: gateways tell it again and again, to any copy.
 */
@Singleton
final class HotBlobs {
  /** Most that one gateway names. */
  static final int OF_A_GATEWAY = 64;

  /** Most that are answered. */
  static final int ANSWERED = 256;

  /** Gateways whose reports are kept: the latest. */
  static final int GATEWAYS = 500;

  /** How long a report counts, several times as long as the pause between two. */
  static final Duration KEPT = Duration.ofMinutes(5);

  private static final Comparator<Map.Entry<HotBlob, Integer>> HOTTEST_FIRST =
      Map.Entry.<HotBlob, Integer>comparingByValue(Comparator.reverseOrder())
          // So that the same reports come to the same answer at every copy.
          .thenComparing(entry -> entry.getKey().sha256())
          .thenComparing(entry -> entry.getKey().coding());

  private final Clock clock;
  // By gateway, the latest last.
  private final Map<String, Report> reports = new LinkedHashMap<>();

  private record Report(List<HotBlob> blobs, Instant until) {}

  HotBlobs(Clock clock) {
    this.clock = clock;
  }

  /** Notes what is hot at a gateway, in place of what it said before. */
  synchronized void report(HotBlobReport report) {
    reports.remove(report.gateway());
    reports.put(report.gateway(), new Report(report.blobs(), clock.instant().plus(KEPT)));
    if (reports.size() > GATEWAYS) {
      reports.remove(reports.keySet().iterator().next());
    }
  }

  /**
   * What is hot at gateways, hottest first: each counts by how near it is to the head of a
   * gateway's list, summed over the gateways.
   */
  synchronized List<HotBlob> hottest() {
    Instant now = clock.instant();
    reports.values().removeIf(report -> !report.until().isAfter(now));
    var heat = new HashMap<HotBlob, Integer>();
    for (Report report : reports.values()) {
      int rank = OF_A_GATEWAY;
      for (HotBlob blob : report.blobs()) {
        heat.merge(blob, rank--, Integer::sum);
      }
    }
    return heat.entrySet().stream()
        .sorted(HOTTEST_FIRST)
        .limit(ANSWERED)
        .map(Map.Entry::getKey)
        .toList();
  }
}
