package dev.portico.content.deployment;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Packs archives, and tells what is in them by digests. */
final class Archives {
  private Archives() {}

  static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    }
    return packed.toByteArray();
  }

  static Map<String, String> untar(byte[] archive) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ByteArrayInputStream(archive), "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        digests.put("/" + entry.getName(), TestSite.sha256(tar.readAllBytes()));
      }
    }
    return digests;
  }

  static Map<String, String> texts(TestSite files) {
    Map<String, String> digests = new TreeMap<>();
    files.files().forEach((path, content) -> digests.put(path, TestSite.sha256(content)));
    return digests;
  }
}
