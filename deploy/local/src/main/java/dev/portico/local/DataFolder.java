package dev.portico.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The folder that keeps everything between runs. One launcher at a time holds it, by a lock that
 * the system takes back however the launcher ends.
 */
final class DataFolder implements AutoCloseable {
  /** What `--fresh` deletes; nothing else in the folder is ever touched. */
  private static final List<String> OURS =
      List.of("dynamodb", "s3", "cognito", "secrets", "tls", "state", "spool", "logs", "jvm");

  private static final String LOCK = "lock";

  /** The least that makes a start worth trying, in bytes. */
  private static final long NEEDED_DISK = 256L << 20;

  private final Path folder;
  private final FileChannel channel;
  private final FileLock lock;

  private DataFolder(Path folder, FileChannel channel, FileLock lock) {
    this.folder = folder;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Opens the folder, makes it if need be, and locks it.
   *
   * @throws CannotStart when another launcher holds it, it cannot be written, or its disk is full
   */
  static DataFolder open(Path folder) {
    try {
      Files.createDirectories(folder);
      requireRoom(folder, Files.getFileStore(folder).getUsableSpace());
      return lock(folder);
    } catch (IOException e) {
      throw new CannotStart(
          "cannot write to %s (%s); choose another folder with --data".formatted(folder, e), e);
    }
  }

  /**
   * Refuses a disk that is too full.
   *
   * @param free what is left of it, in bytes
   * @throws CannotStart when that is too little
   */
  static void requireRoom(Path folder, long free) {
    if (free < NEEDED_DISK) {
      throw new CannotStart(
          "the disk of %s has %d MB free and %d MB are needed; free some space, or choose another folder with --data"
              .formatted(folder, free >> 20, NEEDED_DISK >> 20));
    }
  }

  private static DataFolder lock(Path folder) throws IOException {
    var file = folder.resolve(LOCK);
    var channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    var lock = tryLock(channel);
    if (lock == null) {
      var holder = Files.readString(file).strip();
      channel.close();
      throw new CannotStart(
          "another up%s uses %s; stop it first, or choose another folder with --data"
              .formatted(holder.isEmpty() ? "" : " (process " + holder + ")", folder));
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
    return new DataFolder(folder, channel, lock);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      // The last byte: others may read the process id at the beginning, on every system.
      return channel.tryLock(Long.MAX_VALUE - 1, 1, false);
    } catch (OverlappingFileLockException heldByThisProcess) {
      return null;
    }
  }

  /** Deletes what earlier runs left, and nothing else. */
  void forget() {
    for (var name : OURS) {
      try {
        delete(folder.resolve(name));
      } catch (IOException e) {
        throw new CannotStart("cannot delete " + folder.resolve(name) + ": " + e, e);
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  Path path() {
    return folder;
  }

  /** A folder inside, made if need be. */
  Path folder(String name) {
    try {
      return Files.createDirectories(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path log(String component) {
    return folder("logs").resolve(component + ".log");
  }

  /** Where a secret is kept. */
  Path secretFile(String name) {
    return folder.resolve("secrets").resolve(name);
  }

  /** The secret of that name; the first time it is made, and readable by its owner only. */
  String secret(String name, Supplier<String> maker) {
    var file = secretFile(name);
    try {
      if (Files.exists(file)) {
        return Files.readString(file).strip();
      }
      var value = maker.get();
      var secrets = folder("secrets");
      if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rwx------"));
      }
      write(secrets, name, value + "\n");
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the secret " + file, e);
    }
  }

  /** Writes a file that only its owner can read, at once or not at all. */
  static void write(Path folder, String name, String text) throws IOException {
    var part = folder.resolve(name + ".part");
    Files.deleteIfExists(part);
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      Files.createFile(
          part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(part, text);
    Files.move(
        part,
        folder.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** A fact that an earlier run has noted. */
  Optional<String> noted(String name) {
    var file = folder.resolve("state").resolve(name);
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** Notes a fact for later runs. */
  void note(String name, String value) {
    try {
      var part = folder("state").resolve(name + ".part");
      Files.writeString(part, value + "\n");
      Files.move(
          part,
          part.resolveSibling(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot note " + name + " in " + folder, e);
    }
  }

  @Override
  public void close() {
    try {
      lock.release();
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
