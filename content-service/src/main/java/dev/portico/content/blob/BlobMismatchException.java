package dev.portico.content.blob;

/**
 * Bytes sent for a digest were not the bytes promised: another length or another digest. Nothing
 * was stored. The API answers 422 with the message, which is safe to show.
 */
public final class BlobMismatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says what was promised and what came. */
  public BlobMismatchException(String message) {
    super(message);
  }
}
