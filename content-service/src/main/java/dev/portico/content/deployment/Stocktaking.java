package dev.portico.content.deployment;

import dev.portico.content.blob.BlobFacts;
import dev.portico.content.blob.BlobStore;
import dev.portico.content.blob.Digest;
import dev.portico.content.blob.Ingest;
import dev.portico.content.deployment.manifest.InvalidManifestException;
import dev.portico.content.deployment.manifest.Manifest;
import dev.portico.content.deployment.manifest.ManifestFile;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.error.Problem;
import dev.portico.content.member.SiteAccess;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Finds out which blobs of a manifest are stored. Looking up each of 10,000 blobs costs more than
 * all else that publishing one changed file takes, hence the {@link Baseline}.
 */
@Singleton
class Stocktaking {
  /** Longer ago than this, what was found stored is looked up again before sealing. */
  private static final Duration TRUSTED = Duration.ofHours(12);

  private final Table items;
  private final DeploymentTable deployments;
  private final ManifestStore manifests;
  private final BlobStore blobs;
  private final Clock clock;

  Stocktaking(
      Table items,
      DeploymentTable deployments,
      ManifestStore manifests,
      BlobStore blobs,
      Clock clock) {
    this.items = items;
    this.deployments = deployments;
    this.manifests = manifests;
    this.blobs = blobs;
    this.clock = clock;
  }

  /**
   * What of a site a publication may rely on, in place of looking up every blob: nothing when its
   * live deployment's manifest is lost, since publishing anew is what mends that.
   */
  Baseline baseline(String site) {
    return items
        .get(SiteAccess.siteKey(site))
        .flatMap(item -> item.optionalString("deployment"))
        .flatMap(id -> deployments.get(site, id, clock.instant()))
        .filter(record -> record.state() == DeploymentState.SEALED)
        .flatMap(record -> manifests.index(record).map(index -> new Baseline(record, index)))
        .orElse(Baseline.NONE);
  }

  /**
   * Which blobs of a manifest are stored; those held by the baseline are.
   *
   * @throws Problem 422 when blobs are stored with another size than the manifest says: the
   *     manifest is wrong
   */
  Inventory inventory(Manifest manifest, Baseline baseline) {
    return inventory(manifest, baseline, ManifestFile::path);
  }

  /**
   * The same.
   *
   * @param place what the caller knows the size of a file by
   */
  Inventory inventory(Manifest manifest, Baseline baseline, Function<ManifestFile, String> place) {
    Map<Digest, ManifestFile> wanted = new LinkedHashMap<>();
    Map<ManifestFile, String> wrong = new LinkedHashMap<>();
    for (ManifestFile file : manifest.files()) {
      Digest digest = new Digest(file.sha256());
      if (baseline.held().holds(digest, file.size())) {
        continue;
      }
      ManifestFile other = wanted.putIfAbsent(digest, file);
      if (other != null && other.size() != file.size()) {
        wrong.put(file, "is another than that of another file with this digest");
      }
    }
    Map<Digest, BlobFacts> found = blobs.find(wanted.keySet());
    List<Digest> missing = new ArrayList<>();
    Set<Digest> withoutVariants = new HashSet<>();
    wanted.forEach(
        (digest, file) -> {
          BlobFacts facts = found.get(digest);
          if (facts == null) {
            missing.add(digest);
          } else if (facts.size() != file.size()) {
            wrong.put(file, "is not that of the bytes with this digest");
          } else if (!facts.variantsComplete()) {
            withoutVariants.add(digest);
          }
        });
    if (!wrong.isEmpty()) {
      throw wrongSizes(wrong, place);
    }
    return new Inventory(missing, withoutVariants, baseline);
  }

  /**
   * Which blobs of an archive's manifest are stored: all of them. What was stored or found while it
   * was read counts as used for far longer than this takes, unless it took very long, or the
   * baseline turned out to be the very deployment that is published anew.
   *
   * @param baseline what the ingest took for held
   * @param begun when it began
   */
  Inventory inventory(Manifest manifest, Baseline baseline, Ingest.Result stored, Instant begun) {
    return clock.instant().isBefore(begun.plus(TRUSTED))
            && baseline.publishing(manifest.id()).equals(baseline)
        ? new Inventory(List.of(), stored.withoutVariants(), baseline)
        : inventory(manifest, Baseline.NONE);
  }

  private static Problem wrongSizes(
      Map<ManifestFile, String> wrong, Function<ManifestFile, String> place) {
    Problem problem =
        Problem.unprocessable(
            "wrong-size",
            wrong.size() == 1
                ? "The size of " + wrong.keySet().iterator().next().path() + " is wrong."
                : "The sizes of " + wrong.size() + " files are wrong.");
    for (Map.Entry<ManifestFile, String> each :
        wrong.entrySet().stream().limit(InvalidManifestException.MAX_FAULTS).toList()) {
      problem = problem.field(place.apply(each.getKey()), each.getValue());
    }
    return problem;
  }
}
