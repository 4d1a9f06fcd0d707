package dev.portico.content.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.deployment.manifest.Manifest;
import dev.portico.content.deployment.manifest.ManifestBuilder;
import dev.portico.content.deployment.manifest.ManifestFile;
import dev.portico.content.deployment.manifest.ManifestJson;
import dev.portico.content.deployment.manifest.ManifestLimits;
import dev.portico.content.deployment.manifest.StoredManifest;
import dev.portico.content.deployment.rules.SiteRules;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read by marks is what is read from the start. */
class ManifestMarksTest {
  private static final String[] NAMES = {"a", "é", "\uFFFC", "𝄞", "z-", "index.html"};

  private static Manifest manifest(Random random, int files) {
    var builder = new ManifestBuilder(ManifestLimits.DEFAULT);
    for (int i = 0; i < files; i++) {
      String name = NAMES[random.nextInt(NAMES.length)];
      builder.add(
          "/" + NAMES[i % 3] + "/" + name + i, "%064x".formatted(i), random.nextInt(1_000), null);
    }
    return builder.build();
  }

  private static byte[] stored(Manifest manifest) throws IOException {
    var out = new ByteArrayOutputStream();
    SiteRules rules = SiteRules.parse("/a /b".getBytes(StandardCharsets.US_ASCII), null);
    ManifestJson.write(manifest, Instant.EPOCH, rules, out);
    return out.toByteArray();
  }

  private static StoredManifest whole(byte[] stored) throws IOException {
    return new StoredManifest(new ByteArrayInputStream(stored));
  }

  /** Reads as little as the marks allow. */
  private static StoredManifest part(byte[] stored, ManifestMarks marks, String from, int files)
      throws IOException {
    ManifestMarks.Part part = Objects.requireNonNull(marks.part(from, files));
    Long last = part.last();
    int end = last == null ? stored.length : Math.toIntExact(last) + 1;
    return StoredManifest.part(
        new ByteArrayInputStream(Arrays.copyOfRange(stored, (int) part.first(), end)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 499, 500, 501, 1_000, 1_777})
  void givesTheSamePages(int files) throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] stored = stored(manifest(random, files));
    ManifestMarks marks = ManifestMarks.of(whole(stored));
    for (String prefix : List.of("/", "/a/", "/é/", "/é", "/0", "/~nothing")) {
      for (int limit : new int[] {1, 7, 499, 500, 1_000}) {
        @Nullable String cursor = null;
        do {
          FilePage expected = FilePage.of(whole(stored), prefix, limit, cursor);
          String from = FilePage.from(prefix, cursor);
          assertThat(FilePage.of(part(stored, marks, from, limit + 2), prefix, limit, cursor))
              .as("seed %s: %s files of %s after %s", seed, limit, prefix, from)
              .isEqualTo(expected);
          // Of small pages some, not all.
          cursor = limit < 100 && random.nextInt(10) == 0 ? null : expected.next();
        } while (cursor != null);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 500, 501, 1_777})
  void findsTheSameFiles(int files) throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Manifest manifest = manifest(new Random(seed), files);
    byte[] stored = stored(manifest);
    ManifestMarks marks = ManifestMarks.of(whole(stored));
    for (ManifestFile file : manifest.files()) {
      assertThat(FilePage.find(part(stored, marks, file.path(), 1), file.path()))
          .as("seed %s", seed)
          .contains(file);
    }
    for (String missing : List.of("/", "/!", "/a/none", "/é/none", "/\uFFFC", "/𝄞", "/~")) {
      assertThat(FilePage.find(part(stored, marks, missing, 1), missing)).isEmpty();
    }
  }
}
