package dev.portico.content.deployment.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where this process spools archives: a directory of its own, bounded over all archives together.
 * It holds a lock for as long as the process lives, so that the next one can tell what a killed one
 * has left behind from what another copy on the same disk is using.
 */
public final class SpoolDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SpoolDirectory.class);
  private static final String PREFIX = "portico-spool-";
  private static final String LOCK = "lock";

  /**
   * Closing a second channel to a file drops this process's lock on it, so it must not be tried.
   */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel lock;
  private final long most;
  private final AtomicLong used = new AtomicLong();

  private SpoolDirectory(Path directory, FileChannel lock, long most) {
    this.directory = directory;
    this.lock = lock;
    this.most = most;
  }

  /**
   * Makes a directory of this process's own, and removes those of processes that have ended.
   *
   * @param parent where; made when it does not exist
   * @param most bytes of all archives that are spooled at the same time
   * @throws UncheckedIOException when the disk refuses
   */
  public static SpoolDirectory open(Path parent, long most) {
    try {
      Files.createDirectories(parent);
      Path real = parent.toRealPath();
      sweep(real);
      while (true) {
        Path directory = Files.createTempDirectory(real, PREFIX);
        OWN.add(directory);
        FileChannel lock = locked(directory);
        // Another copy's sweep may have come between.
        if (lock != null && Files.exists(directory.resolve(LOCK))) {
          return new SpoolDirectory(directory, lock, most);
        }
        OWN.remove(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot use the spool directory " + parent, e);
    }
  }

  private static @Nullable FileChannel locked(Path directory) throws IOException {
    FileChannel channel;
    try {
      channel =
          FileChannel.open(
              directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (java.nio.file.NoSuchFileException e) {
      return null;
    }
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      return null;
    }
    return channel;
  }

  private static void sweep(Path parent) throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path directory : found) {
        if (OWN.contains(directory)) {
          continue;
        }
        try (FileChannel lock = locked(directory)) {
          if (lock != null) {
            LOG.info("Removing {}, which a process left behind", directory);
            remove(directory);
          }
        } catch (IOException e) {
          LOG.warn("Could not remove {}: {}", directory, e.toString());
        }
      }
    }
  }

  private static void remove(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(directory);
  }

  /** Makes an empty file. */
  Path file() throws IOException {
    return Files.createTempFile(directory, "upload-", ".zip");
  }

  /**
   * Takes room.
   *
   * @throws SpoolFullException when there is not so much left
   */
  void take(long bytes) {
    if (used.addAndGet(bytes) > most) {
      used.addAndGet(-bytes);
      throw new SpoolFullException();
    }
  }

  /** Gives room back. */
  void give(long bytes) {
    used.addAndGet(-bytes);
  }

  /** Bytes taken now. */
  long used() {
    return used.get();
  }

  /** Where the files are. */
  Path path() {
    return directory;
  }

  @Override
  public void close() {
    try (lock) {
      remove(directory);
    } catch (IOException e) {
      LOG.warn("Could not remove {}: {}", directory, e.toString());
    } finally {
      OWN.remove(directory);
    }
  }
}
