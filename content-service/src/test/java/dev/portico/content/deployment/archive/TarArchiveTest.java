package dev.portico.content.deployment.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.luben.zstd.ZstdOutputStream;
import dev.portico.content.deployment.archive.ArchiveRejected.Rule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TarArchiveTest {
  private static final ArchiveLimits SMALL =
      new ArchiveLimits(10, 10_000, 5_000, 200, 200, 100_000);

  private static TarBuilder tar() {
    return new TarBuilder();
  }

  private static Map<String, String> text(byte[] archive) throws IOException {
    return CollectingSink.read(archive).entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, file -> new String(file.getValue(), UTF_8)));
  }

  private static ArchiveRejected rejected(byte[] archive) {
    return rejected(archive, ArchiveLimits.DEFAULT);
  }

  private static ArchiveRejected rejected(byte[] archive, ArchiveLimits limits) {
    return catchThrowableOfType(
        ArchiveRejected.class,
        () -> CollectingSink.read(archive, null, limits, new CollectingSink(false)));
  }

  @Test
  void theNormalFormOfTar() throws IOException {
    TarBuilder builder =
        tar()
            .directory("./")
            .file("./index.html", "<p>")
            .directory("./assets/")
            .file("./assets/a.js", "1;")
            .file("./empty", "");
    for (byte[] archive : new byte[][] {builder.tar(), builder.gzip(), builder.zstd()}) {
      assertThat(text(archive))
          .containsExactlyInAnyOrderEntriesOf(
              Map.of("/index.html", "<p>", "/assets/a.js", "1;", "/empty", ""));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/gzip", "Application/X-Gzip; q=1", "application/octet-stream", ""})
  void theFormatComesFromTheTypeOrTheFirstBytes(String type) throws IOException {
    byte[] archive = tar().file("a", "b").gzip();
    assertThat(CollectingSink.read(archive, type, ArchiveLimits.DEFAULT)).containsOnlyKeys("/a");
  }

  @Test
  void aTypeThatTheBodyDoesNotKeepIsNamed() {
    assertThatThrownBy(
            () ->
                CollectingSink.read(
                    tar().file("a", "b").zstd(), "application/gzip", ArchiveLimits.DEFAULT))
        .hasMessage("The Content-Type says gzip, but the body is Zstandard.");
  }

  @Test
  void longNamesOfPaxAndGnu() throws IOException {
    String dir = "d".repeat(90) + "/";
    String longName = dir + dir + "é漢😀.html";
    assertThat(
            text(
                tar()
                    .pax("path", longName)
                    .file("short", "pax")
                    .longName("gnu/" + longName)
                    .file("short", "gnu")
                    .file("after", "x")
                    .tar()))
        .containsOnly(
            Map.entry("/" + longName, "pax"),
            Map.entry("/gnu/" + longName, "gnu"),
            Map.entry("/after", "x"));
  }

  @Test
  void aSizeInAPaxHeaderWinsAndGlobalHeadersAreIgnored() throws IOException {
    byte[] header = TarBuilder.header('0', "a".getBytes(UTF_8), "", 0);
    byte[] data = Arrays.copyOf("hello".getBytes(UTF_8), 512);
    assertThat(
            text(
                tar()
                    .entry('g', "pax_global_header", "", "16 comment=abcd\n".getBytes(UTF_8))
                    .pax("size", "5")
                    .raw(header)
                    .raw(data)
                    .tar()))
        .containsOnly(Map.entry("/a", "hello"));
  }

  @Test
  void linksBecomeWhatTheyPointTo() throws IOException {
    assertThat(
            text(
                tar()
                    .link("before", "real/file")
                    .link("dir", "real")
                    .link("real/up", "../top")
                    .hardLink("hard", "./real/file")
                    .file("real/file", "F")
                    .file("top", "T")
                    .link("chain", "before")
                    .link("through", "dir/file")
                    .link("deep/er/x", "../../dir/../real/./up")
                    .link("hard-through", "hard")
                    .tar()))
        .containsOnly(
            Map.entry("/real/file", "F"),
            Map.entry("/top", "T"),
            Map.entry("/before", "F"),
            Map.entry("/chain", "F"),
            Map.entry("/hard", "F"),
            Map.entry("/hard-through", "F"),
            Map.entry("/dir/file", "F"),
            Map.entry("/dir/up", "T"),
            Map.entry("/real/up", "T"),
            Map.entry("/through", "F"),
            Map.entry("/deep/er/x", "T"));
  }

  @Test
  void aLinkToADirectoryWithLinksToDirectories() throws IOException {
    assertThat(
            text(
                tar()
                    .file("v2/a", "A")
                    .file("shared/s", "S")
                    .link("v2/shared", "../shared")
                    .link("latest", "v2")
                    .link("stable", "latest")
                    .tar()))
        .containsKeys("/latest/a", "/latest/shared/s", "/stable/shared/s", "/v2/shared/s")
        .hasSize(8 - 1);
  }

  static Stream<Arguments> hostile() {
    return Stream.of(
        Arguments.of("absolute", tar().file("/etc/passwd", "x"), Rule.NAME, "/etc/passwd"),
        Arguments.of("dot dot", tar().file("../x", "x"), Rule.NAME, "../x"),
        Arguments.of("inner dot dot", tar().file("a/../../x", "x"), Rule.NAME, "a/../../x"),
        Arguments.of("control", tar().file("a\nb", "x"), Rule.NAME, "a\uFFFDb"),
        Arguments.of("backslash", tar().file("a\\b", "x"), Rule.NAME, "a\\b"),
        Arguments.of("empty segment", tar().file("a//b", "x"), Rule.NAME, "a//b"),
        Arguments.of("pax NUL", tar().pax("path", "a\0b").file("x", "x"), Rule.NAME, "a\uFFFDb"),
        Arguments.of(
            "not UTF-8",
            tar().raw(TarBuilder.header('0', "caf\u00e9".getBytes(ISO_8859_1), "", 0)),
            Rule.NAME,
            "caf\uFFFD"),
        Arguments.of(
            "too long",
            tar().pax("path", "x".repeat(1024)).file("x", "x"),
            Rule.NAME_TOO_LONG,
            "x".repeat(200) + "…"),
        Arguments.of("duplicate", tar().file("a", "1").file("./a", "2"), Rule.DUPLICATE, "a"),
        Arguments.of("file as directory", tar().file("a", "").file("a/b", ""), Rule.DUPLICATE, "a"),
        Arguments.of("directory as file", tar().file("a/b", "").file("a", ""), Rule.DUPLICATE, "a"),
        Arguments.of(
            "link as file", tar().link("a", "b").file("b", "").file("a", ""), Rule.DUPLICATE, "a"),
        Arguments.of(
            "below a link",
            tar().file("b/c", "").link("a", "b").file("a/c", ""),
            Rule.DUPLICATE,
            "a/c"),
        Arguments.of(
            "Unicode form",
            tar().file("\u00e9", "1").file("e\u0301", "2"),
            Rule.UNICODE,
            "e\u0301"),
        Arguments.of(
            "Unicode form of a directory",
            tar().file("\u00e9/a", "1").file("e\u0301/b", "2"),
            Rule.UNICODE,
            "e\u0301"),
        Arguments.of("link out", tar().file("b", "").link("a", "../b"), Rule.LINK, "a"),
        Arguments.of("absolute link", tar().link("a", "/etc/passwd"), Rule.LINK, "a"),
        Arguments.of("hard link out", tar().hardLink("d/a", "../x"), Rule.LINK, "d/a"),
        Arguments.of("dangling", tar().link("a", "b"), Rule.LINK, "a"),
        Arguments.of("loop", tar().link("a", "b").link("b", "a"), Rule.LINK_LOOP, "a"),
        Arguments.of("itself", tar().link("a", "a"), Rule.LINK_LOOP, "a"),
        Arguments.of("parent", tar().file("d/f", "").link("d/a", "."), Rule.LINK_LOOP, "d/a"),
        Arguments.of("root", tar().file("d/f", "").link("a", "."), Rule.LINK_LOOP, "a"),
        Arguments.of(
            "mutual directories",
            tar().file("x/f", "").file("y/f", "").link("x/y", "../y").link("y/x", "../x"),
            Rule.LINK_LOOP,
            "x/y"),
        Arguments.of("device", tar().entry('3', "sda", "", new byte[0]), Rule.KIND, "sda"),
        Arguments.of("fifo", tar().entry('6', "pipe", "", new byte[0]), Rule.KIND, "pipe"),
        Arguments.of("sparse", tar().entry('S', "sparse", "", new byte[0]), Rule.KIND, "sparse"),
        Arguments.of(
            "pax sparse",
            tar().pax("GNU.sparse.major", "1").file("sparse", ""),
            Rule.KIND,
            "sparse"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void hostileEntriesAreNamed(String title, TarBuilder archive, Rule rule, String entry) {
    ArchiveRejected rejected = rejected(archive.gzip());
    assertThat(rejected).as(title).isNotNull();
    assertThat(rejected.rule()).isEqualTo(rule);
    assertThat(rejected.rule().status()).isEqualTo(422);
    assertThat(rejected.entry()).isEqualTo(entry);
    assertThat(rejected).hasMessageContaining(entry);
    if (rule == Rule.LINK) {
      assertThat(rejected).hasMessageContaining("tar -h");
    }
  }

  @Test
  void limitsOfFilesAndBytes() {
    TarBuilder files = tar();
    for (int i = 0; i < 11; i++) {
      files.file("f" + i, "x");
    }
    assertThat(rejected(files.tar(), SMALL).rule()).isEqualTo(Rule.TOO_MANY_FILES);
    assertThat(rejected(tar().file("f", new byte[5_001]).tar(), SMALL).rule())
        .isEqualTo(Rule.TOO_LARGE);
    assertThat(
            rejected(
                    tar()
                        .file("a", new byte[5_000])
                        .file("b", new byte[5_000])
                        .file("c", "x")
                        .tar(),
                    SMALL)
                .rule())
        .isEqualTo(Rule.TOO_LARGE);
    assertThat(
            rejected(tar().file("a", new byte[5_000]).link("b", "a").link("c", "a").tar(), SMALL)
                .rule())
        .as("links count as the files they stand for")
        .isEqualTo(Rule.TOO_LARGE);
  }

  @Test
  void nestedLinksToDirectoriesDoNotMultiplyForEver() {
    TarBuilder bomb = tar();
    for (int i = 0; i < 30; i++) {
      bomb.link("d" + i + "/a", "../d" + (i + 1)).link("d" + i + "/b", "../d" + (i + 1));
    }
    bomb.directory("d30");
    assertThat(rejected(bomb.tar(), SMALL).rule()).isIn(Rule.TOO_MANY_FILES, Rule.NAME_TOO_LONG);
    assertThat(rejected(bomb.tar()).rule()).isIn(Rule.TOO_MANY_FILES, Rule.NAME_TOO_LONG);
  }

  @Test
  void linksNestedTooDeeplyAreRefusedWithoutOverflowingTheStack() {
    TarBuilder deep = tar();
    for (int i = 0; i < 20_000; i++) {
      deep.link("d" + i + "/a", "../d" + (i + 1));
    }
    deep.directory("d20000");
    assertThat(rejected(deep.tar()).rule()).isEqualTo(Rule.LINK_LOOP);
  }

  @Test
  void longTargetsAreRefusedWhenTheyAreMet() {
    String target = "x/../".repeat(1000) + "a";
    TarBuilder gnu =
        tar().file("a", "x").entry('K', "././@LongLink", "", target.getBytes(UTF_8)).link("l", "");
    assertThat(rejected(gnu.tar()).rule()).isEqualTo(Rule.NAME_TOO_LONG);
    TarBuilder pax = tar().file("a", "x").pax("linkpath", target).link("l", "");
    assertThat(rejected(pax.tar()).rule()).isEqualTo(Rule.NAME_TOO_LONG);
    TarBuilder many = tar().file("a", "x");
    for (int i = 0; i < 11; i++) {
      many.link("l" + i, "missing/../a");
    }
    assertThat(rejected(many.tar(), SMALL).rule()).isEqualTo(Rule.TOO_MANY_FILES);
  }

  @Test
  void aZstdWindowThatCostsMuchMemoryIsRefused() throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var zstd = new ZstdOutputStream(packed)) {
      zstd.setLong(24);
      zstd.write(tar().file("a", "x").tar());
      zstd.flush();
      zstd.write(new byte[512]);
    }
    ArchiveRejected rejected = rejected(packed.toByteArray());
    assertThat(rejected).isNotNull();
    assertThat(rejected).hasMessageContaining("window");
    assertThat(rejected.rule().status()).isEqualTo(422);
  }

  @Test
  void anExtendedHeaderReplacesTheOneBefore() throws IOException {
    assertThat(text(tar().pax("path", "a").pax("mtime", "1").file("b", "x").tar()))
        .containsOnlyKeys("/b");
    assertThat(text(tar().pax("GNU.sparse.major", "1").pax("path", "a").file("b", "x").tar()))
        .containsOnlyKeys("/a");
  }

  @Test
  void bombsAreStoppedByTheirRatio() {
    byte[] zeros = new byte[100 << 20];
    assertThat(rejected(tar().file("zeros", zeros).gzip()).rule()).isEqualTo(Rule.RATIO);
    assertThat(rejected(tar().file("zeros", zeros).zstd()).rule()).isEqualTo(Rule.RATIO);
  }

  @Test
  void hugeExtendedHeadersCostNothing() {
    byte[] header = TarBuilder.header('L', "x".getBytes(UTF_8), "", 5L << 30);
    assertThat(rejected(tar().raw(header).tar()).rule()).isEqualTo(Rule.NAME_TOO_LONG);
    TarBuilder chain = tar();
    for (int i = 0; i < 40_000; i++) {
      chain.pax("path", "a" + i);
    }
    assertThat(rejected(chain.tar(), SMALL).rule()).isEqualTo(Rule.TOO_MANY_FILES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gzip", "zstd"})
  void everyTruncationIsNoticed(String coding) {
    byte[] whole =
        TarBuilder.compressed(
            coding.isEmpty() ? null : coding,
            tar().file("a", "x".repeat(700)).link("l", "a").file("b", "y").tar());
    // A lone zero block is an end already.
    int end = coding.isEmpty() ? whole.length - 1024 : whole.length - 1;
    for (int length = 0; length <= end; length++) {
      ArchiveRejected rejected = rejected(Arrays.copyOf(whole, length));
      assertThat(rejected).as("cut at " + length).isNotNull();
      assertThat(rejected.rule().status()).as("cut at " + length).isIn(400, 422);
      if (length > 600) {
        assertThat(rejected.rule()).isEqualTo(Rule.TRUNCATED);
      }
    }
  }

  @Test
  void whatFollowsTheEndIsRefused() {
    byte[] tar = tar().file("a", "x").tar();
    byte[] garbage = Arrays.copyOf(tar, tar.length + 700);
    garbage[garbage.length - 1] = 1;
    assertThat(rejected(garbage).rule()).isEqualTo(Rule.CORRUPT);
    assertThat(rejected(TarBuilder.compressed("gzip", garbage)).rule()).isEqualTo(Rule.CORRUPT);
    byte[] gzip = tar().file("a", "x").gzip();
    assertThat(rejected(Arrays.copyOf(gzip, gzip.length + 9)).rule()).isEqualTo(Rule.CORRUPT);
    byte[] zstd = tar().file("a", "x").zstd();
    assertThat(rejected(Arrays.copyOf(zstd, zstd.length + 9)).rule().status()).isEqualTo(400);
  }

  @Test
  void nothingToPublish() {
    assertThat(rejected(new byte[0]).rule()).isEqualTo(Rule.EMPTY);
    assertThat(rejected(tar().tar()).rule()).isEqualTo(Rule.EMPTY);
    assertThat(rejected(tar().directory("./").directory("a").gzip()).rule()).isEqualTo(Rule.EMPTY);
    assertThat(rejected("<html>".getBytes(UTF_8)).rule()).isEqualTo(Rule.UNKNOWN_FORMAT);
  }

  @Test
  void aSinkNeedNotReadToTheEnd() throws IOException {
    var sink = new CollectingSink(true);
    CollectingSink.read(
        tar().file("a", "x".repeat(3000)).file("b", "y".repeat(30)).gzip(),
        null,
        ArchiveLimits.DEFAULT,
        sink);
    assertThat(sink.files).containsOnlyKeys("/a", "/b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gzip", "zstd"})
  void aBrokenConnectionIsNotADamagedArchive(String coding) {
    byte[] random = new byte[200_000];
    new java.util.Random(3).nextBytes(random);
    byte[] whole =
        TarBuilder.compressed(coding.isEmpty() ? null : coding, tar().file("a", random).tar());
    InputStream broken =
        new SequenceInputStream(
            new ByteArrayInputStream(whole, 0, 100_000),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("reset by peer");
              }

              @Override
              public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("reset by peer");
              }
            });
    assertThatThrownBy(
            () ->
                new ArchiveReader(ArchiveLimits.DEFAULT, CollectingSink.SPOOL)
                    .read(broken, null, new CollectingSink(false)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("reset by peer");
  }
}
