package dev.portico.content.blob;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the bytes of files are kept, once per digest. */
public interface BlobStore {

  /**
   * Starts storing the files of a publication.
   *
   * @param held what need not be looked up, let alone stored
   */
  Ingest ingest(HeldBlobs held);

  /**
   * Tells which of these are stored. What is found counts as used now, so that it is not collected
   * for the grace period: whoever seals a deployment asks again just before.
   *
   * @return the facts of those that are stored; the others are missing from the map
   */
  Map<Digest, BlobFacts> find(Collection<Digest> digests);

  /**
   * Stores one blob whose digest and size are known beforehand, verifying both while streaming.
   *
   * @return true when it was not stored before; false when it was, and then the stream is not read
   * @throws BlobMismatchException when other bytes came; nothing is stored then
   * @throws IOException when the stream given cannot be read
   */
  boolean put(Digest expected, long size, InputStream content) throws IOException;

  /**
   * Opens a blob.
   *
   * @param range the part wanted, or null for all of it; a range that reaches beyond the end is cut
   *     there
   * @return empty when it is not stored
   * @throws IllegalArgumentException when the range starts beyond the end
   */
  Optional<BlobContent> open(Digest digest, @Nullable ByteRange range);
}
