package dev.portico.gateway.site;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.gateway.routing.BlobDigest;
import dev.portico.gateway.routing.SiteFile;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeploymentFilesTest {
  private static final String ID = "mfrggzdfmztwq2lknnwg";
  private static final Instant SEALED = Instant.parse("2026-11-01T10:15:30Z");
  private static final int[] ALPHABET = "abcdefghij/._-äß€😀".codePoints().toArray();

  private static BlobDigest digest(long number) {
    return new BlobDigest(number, number * 31, ~number, number << 32);
  }

  private static DeploymentFiles of(String... paths) {
    DeploymentFiles.Builder files = new DeploymentFiles.Builder();
    for (int i = 0; i < paths.length; i++) {
      files.add(paths[i], digest(i), i, "text/html");
    }
    return files.build(ID, SEALED);
  }

  @Test
  void findsEveryPathAndNoOther() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Map<String, SiteFile> expected = new HashMap<>();
    DeploymentFiles.Builder files = new DeploymentFiles.Builder();
    for (int i = 0; i < 20_000; i++) {
      StringBuilder path = new StringBuilder("/");
      int length = random.nextInt(1, random.nextInt(10) == 0 ? 300 : 30);
      for (int c = 0; c < length; c++) {
        path.appendCodePoint(ALPHABET[random.nextInt(ALPHABET.length)]);
      }
      SiteFile file =
          new SiteFile(
              path.toString(), digest(random.nextLong()), random.nextLong(1L << 40), "t" + i % 50);
      if (expected.putIfAbsent(file.path(), file) == null) {
        files.add(file.path(), file.digest(), file.size(), file.type());
      }
    }
    DeploymentFiles built = files.build(ID, SEALED);
    assertThat(built.count()).isEqualTo(expected.size());
    for (SiteFile file : expected.values()) {
      assertThat(built.find(file.path())).isEqualTo(file);
      assertThat(built.find(file.path() + "\0")).isNull();
      assertThat(built.find(file.path().substring(0, file.path().length() - 1)))
          .isEqualTo(expected.get(file.path().substring(0, file.path().length() - 1)));
    }
  }

  @Test
  void findsPathsOfAllScripts() {
    DeploymentFiles files = of("/ü.html", "/日本語/index.html", "/😀.png", "/u\u0308.html");
    assertThat(files.find("/ü.html")).isNotNull();
    assertThat(files.find("/日本語/index.html")).isNotNull();
    assertThat(files.find("/😀.png")).isNotNull();
    assertThat(requireNonNull(files.find("/u\u0308.html")).digest()).isEqualTo(digest(3));
    assertThat(files.find("/\ud83d.png")).isNull();
  }

  @Test
  void holdsAnEmptyDeployment() {
    DeploymentFiles files = of();
    assertThat(files.find("/")).isNull();
    assertThat(files.find("")).isNull();
    assertThat(files.nearestErrorPage("/a/b")).isNull();
  }

  private static String errorPage(DeploymentFiles files, String path) {
    return requireNonNull(files.nearestErrorPage(path)).path();
  }

  @Test
  void findsTheNearestErrorPage() {
    DeploymentFiles files = of("/a/b/404.html", "/404.html", "/a/x404.html");
    assertThat(errorPage(files, "/a/b/c/d")).isEqualTo("/a/b/404.html");
    assertThat(errorPage(files, "/a/b/")).isEqualTo("/a/b/404.html");
    assertThat(errorPage(files, "/a/b")).isEqualTo("/404.html");
    assertThat(errorPage(files, "/" + "x/".repeat(4000))).isEqualTo("/404.html");
    assertThat(of("/index.html").nearestErrorPage("/x")).isNull();
  }

  @Test
  void refusesWhatNoManifestMayHold() {
    DeploymentFiles.Builder files = new DeploymentFiles.Builder();
    assertThatThrownBy(() -> files.add("no-slash", digest(1), 1, "t"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> files.add("/negative", digest(1), -1, "t"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> files.add("/" + "x".repeat(70_000), digest(1), 1, "t"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> of("/twice", "/twice")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPathTakesItsBytesAndAboutSixtyMore() {
    int count = 200_000;
    long bytesOfPaths = 0;
    DeploymentFiles.Builder files = new DeploymentFiles.Builder();
    for (int i = 0; i < count; i++) {
      String path = "/section-" + i % 100 + "/sub-" + i % 1000 + "/a-page-of-usual-length-" + i;
      bytesOfPaths += path.length();
      files.add(path, digest(i), i, "text/html; charset=utf-8");
    }
    DeploymentFiles built = files.build(ID, SEALED);
    long perPath = (built.footprint() - bytesOfPaths) / count;
    System.out.println("bytes per path besides the path itself: " + perPath);
    assertThat(perPath).isBetween(50L, 65L);
    // The claim for a million paths of 60 bytes each.
    assertThat((60 + perPath) * 1_000_000).isLessThan(130_000_000L);
  }

  @Test
  void aSmallDeploymentIsSmall() {
    assertThat(of("/index.html", "/a.css", "/b.js").footprint()).isLessThan(1_000);
  }
}
