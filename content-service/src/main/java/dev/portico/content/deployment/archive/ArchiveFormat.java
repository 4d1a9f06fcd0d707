package dev.portico.content.deployment.archive;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The forms of archive that are read. */
enum ArchiveFormat {
  TAR("a tar archive"),
  TAR_GZIP("gzip"),
  TAR_ZSTD("Zstandard"),
  ZIP("a zip archive");

  private final String title;

  ArchiveFormat(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** The format that a media type names; empty when it names none of these. */
  static Optional<ArchiveFormat> ofMediaType(@Nullable String type) {
    if (type == null) {
      return Optional.empty();
    }
    int parameters = type.indexOf(';');
    String essence = (parameters < 0 ? type : type.substring(0, parameters)).strip();
    return switch (essence.toLowerCase(Locale.ROOT)) {
      case "application/x-tar", "application/tar" -> Optional.of(TAR);
      case "application/gzip",
          "application/x-gzip",
          "application/x-gtar",
          "application/tar+gzip",
          "application/x-tgz",
          "application/x-compressed-tar" ->
          Optional.of(TAR_GZIP);
      case "application/zstd", "application/x-zstd", "application/x-zstd-compressed-tar" ->
          Optional.of(TAR_ZSTD);
      case "application/zip", "application/x-zip", "application/x-zip-compressed" ->
          Optional.of(ZIP);
      default -> Optional.empty();
    };
  }

  /** The format that the first bytes show; empty when none of these. */
  static Optional<ArchiveFormat> ofMagic(byte[] start, int length) {
    if (starts(start, length, 0x1f, 0x8b)) {
      return Optional.of(TAR_GZIP);
    }
    if (starts(start, length, 0x28, 0xb5, 0x2f, 0xfd)) {
      return Optional.of(TAR_ZSTD);
    }
    if (starts(start, length, 'P', 'K', 3, 4) || starts(start, length, 'P', 'K', 5, 6)) {
      return Optional.of(ZIP);
    }
    return length >= TarHeader.SIZE && (TarHeader.isZero(start) || TarHeader.checksumHolds(start))
        ? Optional.of(TAR)
        : Optional.empty();
  }

  private static boolean starts(byte[] start, int length, int... magic) {
    if (length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((start[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
