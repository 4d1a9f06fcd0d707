package dev.portico.content.deployment.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portico.content.deployment.manifest.InvalidManifestException.Kind;
import dev.portico.content.deployment.rules.SiteRules;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
  private static final String A = "a".repeat(64);
  private static final String B = "b".repeat(64);

  @Test
  void idIsTheSameInWhateverOrderFilesCome() {
    long seed = System.nanoTime();
    List<ManifestFile> files = new ArrayList<>();
    for (String path : List.of("/index.html", "/a/b", "/a-b", "/a.b", "/ä", "/\uffee", "/😀")) {
      files.add(new ManifestFile(path, A, 7, "text/plain; charset=utf-8"));
    }
    String id = build(files).id();
    assertThat(DeploymentId.isValid(id)).isTrue();
    for (int i = 0; i < 50; i++) {
      Collections.shuffle(files, new Random(seed + i));
      Manifest manifest = build(files);
      assertThat(manifest.id()).as("seed %s", seed + i).isEqualTo(id);
      assertThat(manifest.files())
          .isSortedAccordingTo((x, y) -> PathRules.compare(x.path(), y.path()));
    }
  }

  @Test
  void idDependsOnEveryField() {
    assertThat(
            List.of(
                build(List.of(new ManifestFile("/a", A, 1, "text/css"))).id(),
                build(List.of(new ManifestFile("/b", A, 1, "text/css"))).id(),
                build(List.of(new ManifestFile("/a", B, 1, "text/css"))).id(),
                build(List.of(new ManifestFile("/a", A, 2, "text/css"))).id(),
                build(List.of(new ManifestFile("/a", A, 1, "text/html"))).id()))
        .doesNotHaveDuplicates();
  }

  @Test
  void idIsTheFirstHundredBitsOfTheDocumentedDigest() throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256")
            .digest(
                ("/a.css\0"
                        + A
                        + "\0001\0text/css; charset=utf-8\n/b\0"
                        + B
                        + "\0002\0application/octet-stream\n")
                    .getBytes(StandardCharsets.UTF_8));
    String bits = new java.math.BigInteger(1, digest).toString(2);
    bits = "0".repeat(256 - bits.length()) + bits;
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      expected.append(
          "abcdefghijklmnopqrstuvwxyz234567"
              .charAt(Integer.parseInt(bits.substring(5 * i, 5 * i + 5), 2)));
    }
    ManifestBuilder builder = new ManifestBuilder(ManifestLimits.DEFAULT);
    builder.add("/b", B, 2, null);
    builder.add("/a.css", A, 1, null);
    assertThat(builder.build().id()).isEqualTo(expected.toString());
  }

  @Test
  void findsFilesByPath() {
    Manifest manifest =
        build(
            List.of(
                new ManifestFile("/b", A, 1, "text/css"),
                new ManifestFile("/a", B, 2, "text/css")));
    assertThat(manifest.find("/a")).map(ManifestFile::size).hasValue(2L);
    assertThat(manifest.find("/c")).isEmpty();
    assertThat(manifest.bytes()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "/a,/a",
    "/é,/e\u0301",
    "/e\u0301,/e\u0301",
    "/\u212b,/Å",
    "/\u212a,/K",
    "/a,/a/b",
    "/a,/a/b/c/d",
    "/a-b/c,/a-b"
  })
  void refusesPathsThatCannotBeTogether(String one, String other) {
    for (List<String> paths :
        List.of(
            List.of(one, other), List.of(other, one), List.of("/a-", one, "/0", other, "/zz/z"))) {
      ManifestBuilder builder = new ManifestBuilder(ManifestLimits.DEFAULT);
      paths.forEach(path -> builder.add(path, A, 1, null));
      assertThatExceptionOfType(InvalidManifestException.class)
          .as("%s", paths)
          .isThrownBy(builder::build)
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.INVALID));
    }
  }

  @Test
  void namesEveryFaultWithItsField() {
    String json =
        """
        {"title": "t", "files": [
          {"path": "/ok", "sha256": "%s", "size": 1},
          {"path": "nope", "sha256": "x", "size": -1, "type": "no"},
          {"size": 1.5, "path": 3},
          7,
          {"path": "/../x", "sha256": "%s", "size": 99999999999999999999}
        ]}"""
            .formatted(A, A);
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> parse(json))
        .satisfies(
            e ->
                assertThat(e.faults())
                    .extracting(Fault::field)
                    .containsExactly(
                        "files[1].path",
                        "files[1].sha256",
                        "files[1].size",
                        "files[1].type",
                        "files[2].path",
                        "files[2].sha256",
                        "files[2].size",
                        "files[3]",
                        "files[4].size",
                        "files[4].path"));
  }

  @Test
  void refusesFieldsThatItDoesNotKnow() {
    String json =
        """
        {"titel": "t", "files": [
          {"path": "/a", "sha256": "%s", "size": 1, "contentType": "text/css"},
          {"path": "/b", "sha256": "%s", "size": 1, "type": 5}]}"""
            .formatted(A, A);
    assertThat(faults(json)).containsExactly("titel", "files[0].contentType", "files[1].type");
  }

  @Test
  void namesThePlacesOfPathsThatCannotBeTogether() {
    String file = "{\"path\": \"%s\", \"sha256\": \"" + A + "\", \"size\": 1}";
    StringBuilder files = new StringBuilder();
    for (String path : List.of("/z", "/d", "/b", "/z", "/d/e/f", "/a", "/b", "/z")) {
      files.append(files.isEmpty() ? "" : ",").append(file.formatted(path));
    }
    assertThat(faults("{\"files\": [" + files + "]}"))
        .containsExactly("files[3].path", "files[6].path", "files[7].path", "files[1].path");
  }

  private static List<String> faults(String json) {
    List<String> fields = new ArrayList<>();
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> parse(json))
        .satisfies(e -> e.faults().forEach(fault -> fields.add(fault.field())));
    return fields;
  }

  @Test
  void stopsAtAHundredFaults() {
    StringBuilder json = new StringBuilder("{\"files\":[{}");
    json.append(",{}".repeat(1000)).append("]}");
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> parse(json.toString()))
        .satisfies(e -> assertThat(e.faults()).hasSize(100));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{\"files\":[",
        "{\"files\":[{\"path\":\"/a\"",
        "{\"files\":[]}x",
        "nonsense",
        "{\"title\":\"a\",\"title\":\"b\",\"files\":[]}"
      })
  void refusesWhatIsNoJson(String json) {
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> parse(json))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.MALFORMED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"files\":{}}",
        "{\"files\":[]}",
        "{\"files\":null}",
        "{\"title\":3,\"files\":[]}"
      })
  void refusesAnotherShape(String json) {
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> parse(json))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.INVALID));
  }

  @Test
  void readsARequest() {
    ManifestRequest request =
        parse(
            """
            {"revision": "abc", "title": null, "files": [
              {"path": "/b.html", "sha256": "%s", "size": 3, "type": null},
              {"path": "/a", "sha256": "%s", "size": 0, "type": "text/CSS"}]}"""
                .formatted(A, B));
    assertThat(request.title()).isNull();
    assertThat(request.revision()).isEqualTo("abc");
    assertThat(request.manifest().files())
        .containsExactly(
            new ManifestFile("/a", B, 0, "text/css; charset=utf-8"),
            new ManifestFile("/b.html", A, 3, "text/html; charset=utf-8"));
  }

  @Test
  void holdsLimits() {
    ManifestLimits limits = new ManifestLimits(2, 100, 60, 8);
    assertKind(limits, Kind.TOO_LARGE, "/a", 61L);
    assertKind(limits, Kind.TOO_LARGE, "/a", 60L, "/b", 41L);
    assertKind(limits, Kind.TOO_LARGE, "/a", 1L, "/b", 1L, "/c", 1L);
    assertKind(limits, Kind.INVALID, "/12345678", 1L);
  }

  @Test
  void writesTheContractAndReadsItBack() throws IOException {
    Path contract =
        Path.of(
            Objects.requireNonNull(System.getProperty("portico.root")),
            "deploy/contracts/manifest.json");
    String golden = Files.readString(contract);
    Manifest manifest;
    try (StoredManifest stored = new StoredManifest(Files.newInputStream(contract))) {
      assertThat(stored.deployment()).isEqualTo("mfrggzdfmztwq2lknnwg");
      assertThat(stored.sealedAt()).isEqualTo("2026-11-01T10:15:30Z");
      manifest = stored.readAll();
    }
    assertThat(manifest.files()).hasSize(2);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    ManifestJson.write(manifest, Instant.parse("2026-11-01T10:15:30Z"), rulesOfContract(), written);
    // The golden file's id is made up; everything else must agree to the byte once white space is
    // gone.
    assertThat(
            written.toString(StandardCharsets.UTF_8).replace(manifest.id(), "mfrggzdfmztwq2lknnwg"))
        .isEqualTo(golden.replaceAll("\\s*\\n\\s*", "").replace("\": ", "\":"));
  }

  /** What deploy/contracts/manifest.json says of rules. */
  private static SiteRules rulesOfContract() {
    String redirects =
        """
        /old/:year/* id=:id /new/:year/:splat?id=:id 302! Language=de,fr Cookie=beta

        https://blog.example.com/* https://www.example.com/blog/:splat
        /gone 410
        /desk /staff.html 200 Role=a,b
        /draft /live 302 Context=production
        /draft /new 302 Context=preview,alias:next
        """;
    String headers =
        """
        /assets/*
          Cache-Control: public, max-age=31536000, immutable
          ! X-Frame-Options
        https://docs.example.com/:page
          X-Page: :page
        """;
    return SiteRules.parse(
        redirects.getBytes(StandardCharsets.UTF_8), headers.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsAMillionFilesInABoundedHeap() throws IOException {
    int count = 1_000_000;
    Runtime runtime = Runtime.getRuntime();
    Manifest manifest =
        new ManifestRequestReader(new ManifestLimits(count, Long.MAX_VALUE, 1L << 40, 1024))
            .read(new GeneratedRequest(count))
            .manifest();
    assertThat(manifest.files()).hasSize(count);
    System.gc();
    long used = runtime.totalMemory() - runtime.freeMemory();
    assertThat(used).as("bytes of heap for a million files").isLessThan(400L << 20);
    long[] length = {0};
    ManifestJson.write(
        manifest,
        null,
        SiteRules.NONE,
        new java.io.OutputStream() {
          @Override
          public void write(int b) {
            length[0]++;
          }

          @Override
          public void write(byte[] b, int off, int len) {
            length[0] += len;
          }
        });
    assertThat(length[0]).isGreaterThan(100L << 20);
  }

  private static void assertKind(ManifestLimits limits, Kind kind, Object... pathsAndSizes) {
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(
            () -> {
              ManifestBuilder builder = new ManifestBuilder(limits);
              for (int i = 0; i < pathsAndSizes.length; i += 2) {
                builder.add((String) pathsAndSizes[i], A, (Long) pathsAndSizes[i + 1], null);
              }
              builder.build();
            })
        .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
  }

  private static Manifest build(List<ManifestFile> files) {
    ManifestBuilder builder = new ManifestBuilder(ManifestLimits.DEFAULT);
    files.forEach(file -> builder.add(file.path(), file.sha256(), file.size(), file.type()));
    return builder.build();
  }

  private static ManifestRequest parse(String json) {
    try {
      return new ManifestRequestReader(ManifestLimits.DEFAULT)
          .read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The JSON of a large request, made as it is read. */
  private static final class GeneratedRequest extends InputStream {
    private final int count;
    private int next;
    private byte[] piece = "{\"files\":[".getBytes(StandardCharsets.UTF_8);
    private int at;

    GeneratedRequest(int count) {
      this.count = count;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int off, int len) {
      if (at == piece.length) {
        if (next > count) {
          return -1;
        }
        piece = nextPiece().getBytes(StandardCharsets.UTF_8);
        at = 0;
      }
      int n = Math.min(len, piece.length - at);
      System.arraycopy(piece, at, target, off, n);
      at += n;
      return n;
    }

    private String nextPiece() {
      if (next++ == count) {
        return "]}";
      }
      byte[] digest = new byte[32];
      java.nio.ByteBuffer.wrap(digest).putInt(next);
      return "%s{\"path\":\"/api/java.base/java/util/page-%d.html\",\"sha256\":\"%s\",\"size\":%d}"
          .formatted(next == 1 ? "" : ",", next, HexFormat.of().formatHex(digest), next);
    }
  }
}
