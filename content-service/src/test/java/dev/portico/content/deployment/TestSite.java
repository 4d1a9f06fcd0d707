package dev.portico.content.deployment;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The files of a site to publish.
 *
 * @param files path → content
 */
record TestSite(Map<String, byte[]> files) {

  /** Alternating paths and texts. */
  static TestSite of(String... pathsAndTexts) {
    Map<String, byte[]> files = new TreeMap<>();
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      files.put(pathsAndTexts[i], pathsAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
    }
    return new TestSite(files);
  }

  /** Files of random content and of sizes up to {@code maxBytes}. */
  static TestSite random(long seed, int count, int maxBytes) {
    Random random = new Random(seed);
    Map<String, byte[]> files = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      byte[] content = new byte[random.nextInt(maxBytes)];
      random.nextBytes(content);
      files.put("/dir" + i % 17 + "/file" + i + ".html", content);
    }
    files.put("/index.html", ("index " + seed).getBytes(StandardCharsets.UTF_8));
    return new TestSite(files);
  }

  /** The same with another text for one path. */
  TestSite with(String path, String text) {
    Map<String, byte[]> changed = new TreeMap<>(files);
    changed.put(path, text.getBytes(StandardCharsets.UTF_8));
    return new TestSite(changed);
  }

  /** The content of a file. */
  byte[] bytes(String path) {
    byte[] content = files.get(path);
    if (content == null) {
      throw new IllegalArgumentException(path);
    }
    return content;
  }

  /** The body that begins a publication by digests. */
  String manifest() {
    return files.entrySet().stream()
        .map(
            file ->
                "{\"path\":\"%s\",\"sha256\":\"%s\",\"size\":%d}"
                    .formatted(file.getKey(), sha256(file.getValue()), file.getValue().length))
        .collect(
            Collectors.joining(
                ",", "{\"title\":\"a title\",\"revision\":\"r1\",\"files\":[", "]}"));
  }

  /** The files by digest. */
  Map<String, byte[]> blobs() {
    Map<String, byte[]> blobs = new TreeMap<>();
    files.values().forEach(content -> blobs.put(sha256(content), content));
    return blobs;
  }

  /** A tar of them. */
  byte[] tar() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry("." + file.getKey());
        entry.setSize(file.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A zip archive of them. */
  byte[] zip() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey().substring(1)));
        zip.write(file.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
