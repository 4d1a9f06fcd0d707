package dev.portico.gateway.cache;

import dev.portico.gateway.error.EdgeException;

/** Waits for a blob. Exactly one of these is called, on the event loop that was named. */
public interface BlobUser {
  /** Here it is; the receiver owns the reference to its bytes. */
  void held(HeldBlob blob);

  /** It could not be had. */
  void failed(EdgeException failure);
}
