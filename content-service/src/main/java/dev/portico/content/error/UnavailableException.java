package dev.portico.content.error;

import org.jspecify.annotations.Nullable;

/** Something that Portico stands on does not answer: the caller is told to try again. */
public abstract class UnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says what failed and why; not meant for callers of the API. */
  protected UnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
