package dev.portico.local;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * All that the stack stores, as one stream. Not a tar: S3Proxy keeps an object's media type and
 * ETag in extended attributes, which neither Docker's copies nor small images' tar carry.
 *
 * <p>Compressed: the word {@code portico-backup-1}; then for each file or folder a 1, its path,
 * whether it is a folder, its permissions, its extended attributes, its bytes by length; then a 0
 * and a CRC-32 of everything, so that a stream that was cut is never taken for a whole one.
 */
final class Backup {
  private static final String FORMAT = "portico-backup-1";

  /** What is stored; settings are made anew from it, logs and spooled uploads are nobody's loss. */
  private static final List<String> VOLUMES = List.of("dynamodb", "s3", "cognito", "state", "tls");

  /** There while volumes hold a part of an export. */
  private static final String UNFINISHED = "import-unfinished";

  private Backup() {}

  /**
   * Holds up whoever would start on a part of an export.
   *
   * @throws CannotStart when an import into these volumes was begun and not finished
   */
  static void requireWhole(Path root) {
    if (Files.exists(unfinished(root))) {
      throw new CannotStart(
          "an import into these volumes was not finished; docker compose down -v, then import"
              + " again");
    }
  }

  private static Path unfinished(Path root) {
    return root.resolve("state").resolve(UNFINISHED);
  }

  /** Writes everything. Whoever writes to the volumes must be stopped. */
  static void export(Path root, OutputStream to) {
    try {
      var sum = new CRC32();
      var zipped = new GZIPOutputStream(to, 1 << 16);
      var out = new DataOutputStream(new CheckedOutputStream(zipped, sum));
      out.writeUTF(FORMAT);
      for (var volume : VOLUMES) {
        try (var files = Files.walk(root.resolve(volume))) {
          for (var file : files.filter(each -> !each.equals(root.resolve(volume))).toList()) {
            write(out, root, file);
          }
        }
      }
      out.writeByte(0);
      out.flush();
      new DataOutputStream(zipped).writeLong(sum.getValue());
      zipped.finish();
      to.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the export failed: " + e, e);
    }
  }

  private static void write(DataOutputStream out, Path root, Path file) throws IOException {
    out.writeByte(1);
    out.writeUTF(root.relativize(file).toString());
    boolean folder = Files.isDirectory(file);
    out.writeBoolean(folder);
    out.writeUTF(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    var attributes = attributes(file);
    var names = attributes.list();
    out.writeInt(names.size());
    for (var name : names) {
      var value = ByteBuffer.allocate(attributes.size(name));
      attributes.read(name, value);
      out.writeUTF(name);
      out.writeInt(value.capacity());
      out.write(value.array());
    }
    if (!folder) {
      out.writeLong(Files.size(file));
      Files.copy(file, out);
    }
  }

  /**
   * Puts everything back, into volumes that hold nothing yet. Until all of it is there, {@link
   * #requireWhole} lets nobody use them.
   *
   * @throws CannotStart when they hold something, or this is no whole export
   */
  static void restore(Path root, InputStream from) {
    try {
      for (var volume : VOLUMES) {
        requireEmpty(root.resolve(volume));
      }
      var sum = new CRC32();
      var unzipped = new GZIPInputStream(from, 1 << 16);
      var in = new DataInputStream(new CheckedInputStream(unzipped, sum));
      if (!in.readUTF().equals(FORMAT)) {
        throw new CannotStart("this is no export of Portico's volumes");
      }
      Files.createFile(unfinished(root));
      while (in.readByte() == 1) {
        read(in, root);
      }
      long computed = sum.getValue();
      if (new DataInputStream(unzipped).readLong() != computed) {
        throw new CannotStart("the export is damaged; the volumes are not to be used");
      }
      Files.delete(unfinished(root));
    } catch (IOException e) {
      throw new UncheckedIOException("the import failed, the volumes are not to be used: " + e, e);
    }
  }

  private static void requireEmpty(Path volume) throws IOException {
    try (var files = Files.list(volume)) {
      var one = files.filter(file -> !file.endsWith(".keep")).findFirst();
      if (one.isPresent()) {
        throw new CannotStart(
            "imports into empty volumes only, and there is "
                + one.get()
                + "; docker compose down -v");
      }
    } catch (NoSuchFileException e) {
      throw new CannotStart(volume + " is missing", e);
    }
  }

  private static void read(DataInputStream in, Path root) throws IOException {
    var file = root.resolve(in.readUTF()).normalize();
    if (!file.startsWith(root)) {
      throw new CannotStart("the export names a file outside of the volumes: " + file);
    }
    boolean folder = in.readBoolean();
    var permissions = PosixFilePermissions.fromString(in.readUTF());
    if (folder) {
      Files.createDirectories(file);
    } else {
      Files.deleteIfExists(file);
      Files.createFile(file);
    }
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      var name = in.readUTF();
      var value = in.readNBytes(in.readInt());
      attributes(file).write(name, ByteBuffer.wrap(value));
    }
    if (!folder) {
      long size = in.readLong();
      try (var out = Files.newOutputStream(file)) {
        copy(in, out, size, file);
      }
    }
    Files.getFileAttributeView(file, PosixFileAttributeView.class).setPermissions(permissions);
  }

  private static void copy(InputStream in, OutputStream out, long size, Path file)
      throws IOException {
    var buffer = new byte[1 << 16];
    for (long left = size; left > 0; ) {
      int got = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (got < 0) {
        throw new CannotStart("the export ends within " + file);
      }
      out.write(buffer, 0, got);
      left -= got;
    }
  }

  private static UserDefinedFileAttributeView attributes(Path file) {
    return Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
  }
}
