package dev.portico.gateway.cache.store;

import dev.portico.gateway.cache.store.RecordFormat.CorruptRecordException;
import dev.portico.gateway.cache.store.RecordFormat.Known;
import dev.portico.gateway.cache.store.RecordFormat.Preamble;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files of the tier on disk. Each process that uses the folder has a folder of its own in it,
 * with a number above all before, and in that a file per response, numbered too. A file appears
 * under its name when all of it has been written. Methods but {@link #open} are for threads that
 * may wait.
 */
final class DiskFolder implements AutoCloseable {
  private static final int BLOCK = 4096;
  private static final String UNFINISHED = ".new";
  private static final Pattern NUMBER = Pattern.compile("[0-9a-f]{16}");

  private final Path folder;
  private final FileChannel lock;
  private final long run;
  private final Opener opener;

  /** Opens a file to write; tests have it fail. */
  interface Opener {
    /** Makes the file anew. */
    WritableByteChannel open(Path file) throws IOException;
  }

  private DiskFolder(Path folder, FileChannel lock, long run, Opener opener) {
    this.folder = folder;
    this.lock = lock;
    this.run = run;
    this.opener = opener;
  }

  /**
   * Takes the folder for this process alone; makes it when it is not there.
   *
   * @throws IllegalStateException when another process has it, or it cannot be used
   */
  static DiskFolder open(Path folder, Opener opener) {
    try {
      Files.createDirectories(folder);
      FileChannel lock =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        lock(lock, folder);
        long run = numbers(folder).stream().mapToLong(Long::longValue).max().orElse(0) + 1;
        closeToOthers(Files.createDirectory(folder.resolve(name(run))));
        return new DiskFolder(folder, lock, run, opener);
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      // Not as its cause, whose message is what would be shown, and often nothing but a path.
      IllegalStateException failure =
          new IllegalStateException(
              "PORTICO_RESPONSE_CACHE_DISK_FOLDER " + folder + " cannot be used: " + e);
      failure.addSuppressed(e);
      throw failure;
    }
  }

  private static void lock(FileChannel lock, Path folder) throws IOException {
    boolean locked;
    try {
      locked = lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      locked = false;
    }
    if (!locked) {
      throw new IllegalStateException(
          "PORTICO_RESPONSE_CACHE_DISK_FOLDER " + folder + " is used by another gateway");
    }
  }

  /** What one viewer may have got is no business of other users of the machine. */
  private static void closeToOthers(Path folder) throws IOException {
    if (Files.getFileAttributeView(folder, PosixFileAttributeView.class) != null) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** Opens a file as operating systems do. */
  static WritableByteChannel openFile(Path file) throws IOException {
    return FileChannel.open(
        file,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  private static String name(long number) {
    return String.format("%016x", number);
  }

  /** The numbers that name something in a folder, in ascending order. */
  private static List<Long> numbers(Path folder) throws IOException {
    List<Long> numbers = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = Objects.requireNonNull(file.getFileName()).toString();
        if (NUMBER.matcher(name).matches()) {
          numbers.add(Long.parseUnsignedLong(name, 16));
        }
      }
    }
    numbers.sort(null);
    return numbers;
  }

  private Path file(long ofRun, long number) {
    return folder.resolve(name(ofRun)).resolve(name(number));
  }

  /** The number of this process. */
  long run() {
    return run;
  }

  /** The earlier processes of which there is something, the latest first. */
  List<Long> earlierRuns() throws IOException {
    return numbers(folder).reversed().stream().filter(number -> number != run).toList();
  }

  /** What an earlier process has written, the latest first; deletes what is unfinished. */
  List<Long> records(long ofRun) throws IOException {
    Path of = folder.resolve(name(ofRun));
    try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(of, "*" + UNFINISHED)) {
      for (Path file : unfinished) {
        Files.deleteIfExists(file);
      }
    }
    return numbers(of).reversed();
  }

  /** Removes the folder of an earlier process if nothing is in it. */
  void forget(long ofRun) throws IOException {
    Path of = folder.resolve(name(ofRun));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(of)) {
      if (files.iterator().hasNext()) {
        return;
      }
    }
    Files.deleteIfExists(of);
  }

  /** What a file of so many bytes takes of the disk. */
  static long onDisk(long length) {
    return (length + BLOCK - 1) / BLOCK * BLOCK;
  }

  /** Writes one of this process; under its name there is nothing, or all of it. */
  void write(long number, ByteBuffer head, ByteBuffer[] body) throws IOException {
    Path file = file(run, number);
    Path unfinished = file.resolveSibling(name(number) + UNFINISHED);
    try {
      try (WritableByteChannel channel = opener.open(unfinished)) {
        writeAll(channel, head);
        for (ByteBuffer part : body) {
          writeAll(channel, part);
        }
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      Files.deleteIfExists(unfinished);
      throw e;
    }
  }

  private static void writeAll(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  void delete(long ofRun, long number) throws IOException {
    Files.deleteIfExists(file(ofRun, number));
  }

  /**
   * What is known of a response, and its body.
   *
   * @param known all but the body
   * @param body a buffer of the receiver's; null when it was not asked for
   * @param length bytes of the file
   */
  record Read(Known known, @Nullable ByteBuf body, long length) {}

  /**
   * Reads one.
   *
   * @param withBody whether its body is wanted, and compared with its sum
   * @throws CorruptRecordException when it is not what was written
   */
  Read read(long ofRun, long number, boolean withBody) throws IOException {
    try (FileChannel channel = FileChannel.open(file(ofRun, number), StandardOpenOption.READ)) {
      long length = channel.size();
      ByteBuffer start = ByteBuffer.allocate(RecordFormat.PREAMBLE);
      readAll(channel, start);
      Preamble preamble = RecordFormat.preamble(start, length);
      ByteBuffer all = ByteBuffer.allocate(RecordFormat.PREAMBLE + preamble.known());
      all.put(start.rewind());
      readAll(channel, all);
      Known known = RecordFormat.known(all.array());
      return new Read(known, withBody ? body(channel, preamble) : null, length);
    }
  }

  private static ByteBuf body(FileChannel channel, Preamble preamble) throws IOException {
    ByteBuf body = ByteBufAllocator.DEFAULT.directBuffer(preamble.body(), preamble.body());
    try {
      ByteBuffer bytes = body.nioBuffer(0, preamble.body());
      readAll(channel, bytes);
      RecordFormat.check(preamble, bytes.flip());
      return body.writerIndex(preamble.body());
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      body.release();
      throw e;
    }
  }

  private static void readAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new CorruptRecordException("it is cut");
      }
    }
  }

  /** Lets others have the folder. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
