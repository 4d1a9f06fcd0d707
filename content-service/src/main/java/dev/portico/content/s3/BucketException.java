package dev.portico.content.s3;

import dev.portico.content.error.UnavailableException;
import org.jspecify.annotations.Nullable;

/** S3 could not do what was asked, retries included. */
public final class BucketException extends UnavailableException {
  private static final long serialVersionUID = 1L;

  /** Says what failed and why; not meant for callers of the API. */
  public BucketException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
