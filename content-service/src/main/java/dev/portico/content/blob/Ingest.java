package dev.portico.content.blob;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;

/**
 * The storing of one publication's files. Files are handed in one after the other by one thread;
 * small ones are stored in the background, many at a time, and {@link #finish()} waits for all of
 * them. Memory is bounded over all ingests of the process: {@link #add} waits when too much is in
 * flight. Closing without finishing, or after a failure, leaves nothing but unreferenced blobs,
 * which are collected later.
 */
public interface Ingest extends AutoCloseable {

  /**
   * Stores a file, reading the stream to its end (it is not closed).
   *
   * @param path whatever identifies the file in the result
   * @param declaredSize the number of bytes to come, or -1 when that is not known; a stream that
   *     ends earlier or later is stored as it is
   * @throws IOException when the stream given cannot be read
   * @throws BlobStorageException when storing this or an earlier file failed
   */
  void add(String path, long declaredSize, InputStream content) throws IOException;

  /** Gives a path the content of another that was added earlier (a link in an archive). */
  void same(String path, String earlierPath);

  /**
   * Waits until everything is stored and recorded.
   *
   * @throws BlobStorageException when storing any file failed
   */
  Result finish();

  /** Stops what is still under way. Harmless after {@link #finish()}. */
  @Override
  void close();

  /**
   * What an ingest has stored.
   *
   * @param files in the order in which they were added
   * @param newBlobs how many blobs were not stored before
   * @param newBytes their total size, in bytes
   * @param withoutVariants blobs of which compressed variants may have to be made; those that were
   *     held are not among them
   */
  record Result(List<StoredFile> files, int newBlobs, long newBytes, Set<Digest> withoutVariants) {
    /** Copies the collections. */
    public Result {
      files = List.copyOf(files);
      withoutVariants = Set.copyOf(withoutVariants);
    }
  }
}
