package dev.portico.content.blob;

import dev.portico.content.error.UnavailableException;
import org.jspecify.annotations.Nullable;

/** Storing or reading a blob failed for a reason that is not the caller's; repeating may help. */
public final class BlobStorageException extends UnavailableException {
  private static final long serialVersionUID = 1L;

  /** Says what failed and why. */
  public BlobStorageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
