package dev.portico.content.deployment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.portico.content.deployment.manifest.Manifest;
import dev.portico.content.deployment.manifest.ManifestJson;
import dev.portico.content.deployment.manifest.StoredManifest;
import dev.portico.content.deployment.rules.SiteRules;
import dev.portico.content.s3.Bucket;
import dev.portico.content.s3.ObjectFacts;
import dev.portico.content.s3.ObjectPage;
import dev.portico.content.s3.OpenObject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Manifests in S3: of sealed deployments where gateways' copies come from, of uploads under way
 * where the bucket's lifecycle rule removes what is given up. Every copy has a key of its own,
 * never used again, and the deployment's record names the copy that counts: whoever loses a race,
 * or is late, can only delete a copy that nobody reads.
 */
@Singleton
class ManifestStore {
  /** Files whose digests are kept in memory for uploads under way, 40 bytes each. */
  private static final long MOST_INDEXED = 500_000;

  /** Marks kept in memory, about 200 bytes each: those of 10 million files. */
  private static final long MOST_MARKS = 20_000;

  /** More than any manifest has. */
  private static final long MOST_BYTES = 1L << 40;

  private static final String RETIRED = "retired/";

  private final Bucket bucket;
  private final Cache<String, ManifestIndex> indexes =
      Caffeine.newBuilder()
          .maximumWeight(MOST_INDEXED)
          .weigher((String key, ManifestIndex index) -> 1 + index.files())
          .expireAfterAccess(Duration.ofMinutes(10))
          .build();
  private final Cache<String, ManifestMarks> marks =
      Caffeine.newBuilder()
          .maximumWeight(MOST_MARKS)
          .weigher((String key, ManifestMarks of) -> 1 + of.size())
          .expireAfterAccess(Duration.ofMinutes(10))
          .build();

  ManifestStore(Bucket bucket) {
    this.bucket = bucket;
  }

  /**
   * Keeps the manifest of a deployment about to be sealed.
   *
   * @param rules what its files of rules say
   * @return what its record must name
   */
  String putSealed(String site, Manifest manifest, SiteRules rules, Instant sealedAt) {
    String copy = UUID.randomUUID().toString();
    put(sealedKey(site, manifest.id(), copy), manifest, rules, sealedAt);
    return copy;
  }

  /**
   * Keeps the manifest of an upload under way.
   *
   * @return what its record must name
   */
  String putPending(String site, Manifest manifest) {
    String copy = UUID.randomUUID().toString();
    put(pendingKey(site, manifest.id(), copy), manifest, SiteRules.NONE, null);
    return copy;
  }

  /** The manifest of an upload under way, unless it was sealed or given up. */
  Optional<StoredManifest> openPending(DeploymentRecord deployment) {
    String copy = deployment.pending();
    return copy == null
        ? Optional.empty()
        : opened(bucket.get(pendingKey(deployment.site(), deployment.id(), copy)));
  }

  /** The manifest of a sealed deployment, or of a deleted one until it is purged. */
  Optional<StoredManifest> openSealed(DeploymentRecord deployment) {
    return opened(open(deployment));
  }

  /**
   * The files of a sealed deployment from a path on, as many as are wanted if there are so many;
   * perhaps some before and after them.
   */
  Optional<StoredManifest> openSealed(DeploymentRecord deployment, String from, int files) {
    String copy = deployment.manifest();
    if (copy == null || from.length() <= 1) {
      return openSealed(deployment); // from the first file on
    }
    String key = sealedKey(deployment.site(), deployment.id(), copy);
    ManifestMarks known = marks.get(key, it -> readMarks(deployment).orElse(null));
    ManifestMarks.Part part = known == null ? null : known.part(from, files);
    if (part == null) {
      return openSealed(deployment);
    }
    Long last = part.last();
    return bucket
        .get(key, part.first(), last == null ? part.first() + MOST_BYTES : last)
        .map(object -> unchecked(() -> StoredManifest.part(object.stream())));
  }

  private Optional<ManifestMarks> readMarks(DeploymentRecord deployment) {
    return openSealed(deployment)
        .map(
            stored ->
                unchecked(
                    () -> {
                      try (StoredManifest manifest = stored) {
                        return ManifestMarks.of(manifest);
                      }
                    }));
  }

  /** The same as it is stored. */
  Optional<OpenObject> open(DeploymentRecord deployment) {
    String copy = deployment.manifest();
    return copy == null
        ? Optional.empty()
        : bucket.get(sealedKey(deployment.site(), deployment.id(), copy));
  }

  /**
   * The digests of a deployment's files, kept in memory for a while: every file that is sent asks
   * for them. Empty when the manifest is not to be found: replaced just now, or lost.
   */
  Optional<ManifestIndex> index(DeploymentRecord deployment) {
    // A manifest never changes, so neither does its index.
    return Optional.ofNullable(
        indexes.get(
            deployment.site() + "/" + deployment.id(), key -> read(deployment).orElse(null)));
  }

  private Optional<ManifestIndex> read(DeploymentRecord deployment) {
    Optional<StoredManifest> stored = openPending(deployment).or(() -> openSealed(deployment));
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        unchecked(
            () -> {
              try (StoredManifest manifest = stored.get()) {
                return ManifestIndex.of(manifest);
              }
            }));
  }

  /** Forgets the manifest of an upload that {@code deployment} named. */
  void deletePending(DeploymentRecord deployment) {
    String copy = deployment.pending();
    if (copy != null) {
      bucket.delete(List.of(pendingKey(deployment.site(), deployment.id(), copy)));
    }
  }

  /** Deletes the sealed manifest that {@code deployment} named. */
  void deleteSealed(DeploymentRecord deployment) {
    String copy = deployment.manifest();
    if (copy != null) {
      bucket.delete(List.of(sealedKey(deployment.site(), deployment.id(), copy)));
    }
  }

  /**
   * Takes a purged site's manifest away, but keeps what it refers to until {@link #eachRetired}
   * forgets it.
   */
  void retire(DeploymentRecord deployment) {
    String copy = deployment.manifest();
    if (copy != null) {
      String site = deployment.site();
      String id = deployment.id();
      bucket.copy(sealedKey(site, id, copy), RETIRED + site + "/" + id + "/" + copy);
    }
    deleteSealed(deployment);
    deletePending(deployment);
  }

  /**
   * Hands out the manifests of purged sites, those retired before {@code until} being deleted
   * instead.
   */
  void eachRetired(Instant until, Consumer<StoredManifest> visitor) throws IOException {
    String cursor = null;
    do {
      ObjectPage page = bucket.list(RETIRED, cursor);
      for (ObjectFacts object : page.objects()) {
        if (object.modified().isBefore(until)) {
          bucket.delete(List.of(object.key()));
          continue;
        }
        Optional<StoredManifest> manifest = opened(bucket.get(object.key()));
        if (manifest.isPresent()) {
          try (StoredManifest open = manifest.get()) {
            visitor.accept(open);
          }
        }
      }
      cursor = page.next();
    } while (cursor != null);
  }

  private void put(String key, Manifest manifest, SiteRules rules, @Nullable Instant sealedAt) {
    try (ManifestUpload upload = new ManifestUpload(bucket, key)) {
      ManifestJson.write(manifest, sealedAt, rules, upload);
      upload.complete();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<StoredManifest> opened(Optional<OpenObject> object) {
    return object.map(found -> unchecked(() -> new StoredManifest(found.stream())));
  }

  private interface Reading<T> {
    T run() throws IOException;
  }

  private static <T> T unchecked(Reading<T> reading) {
    try {
      return reading.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sealedKey(String site, String id, String copy) {
    return "manifests/" + site + "/" + id + "/" + copy;
  }

  private static String pendingKey(String site, String id, String copy) {
    return "uploads/manifests/" + site + "/" + id + "/" + copy;
  }
}
