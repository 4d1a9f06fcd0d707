package dev.portico.content.blob;

import java.util.Optional;
import java.util.UUID;

/** Where in the bucket blobs are. */
final class BlobKey {
  /** All objects that are named by their digest, variants included. */
  static final String STANDARD = "blobs/sha256/";

  /** Blobs that arrived large, or again while their former object was being deleted. */
  static final String UPLOADED = "blobs/uploaded/";

  private static final int DIGEST_LENGTH = 64;
  private static final int UUID_LENGTH = 36;

  private BlobKey() {}

  /** The usual key of a blob. */
  static String standard(Digest digest) {
    String hex = digest.hex();
    return STANDARD + hex.substring(0, 2) + "/" + hex.substring(2, 4) + "/" + hex;
  }

  /** A key that nothing was ever stored at. */
  static String fresh() {
    return UPLOADED + UUID.randomUUID();
  }

  static boolean isUploaded(String key) {
    return key.startsWith(UPLOADED);
  }

  /** The unique part of a key of {@link #fresh()}. */
  static String uploadId(String key) {
    return key.substring(UPLOADED.length(), UPLOADED.length() + UUID_LENGTH);
  }

  /** The key without the ending of a variant. */
  static String withoutVariant(String key) {
    int length =
        isUploaded(key)
            ? UPLOADED.length() + UUID_LENGTH
            : STANDARD.length() + "ab/cd/".length() + DIGEST_LENGTH;
    return key.length() > length ? key.substring(0, length) : key;
  }

  /** The digest in a key of {@link #standard}, or of a variant there. */
  static Optional<Digest> digest(String key) {
    int start = STANDARD.length() + "ab/cd/".length();
    if (!key.startsWith(STANDARD) || key.length() < start + DIGEST_LENGTH) {
      return Optional.empty();
    }
    String hex = key.substring(start, start + DIGEST_LENGTH);
    return Digest.isDigest(hex) ? Optional.of(new Digest(hex)) : Optional.empty();
  }
}
