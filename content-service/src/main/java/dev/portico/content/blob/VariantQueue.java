package dev.portico.content.blob;

import java.util.Collection;

/** Takes blobs of which compressed variants may be made, in the background. */
public interface VariantQueue {

  /**
   * Asks for variants. Returns when the request is recorded durably; the work comes later. Blobs
   * too small, too large or not compressible are ignored, so that a deployment can be given whole;
   * asking again for those already worked on is harmless.
   */
  void request(Collection<Request> requests);

  /**
   * A blob whose variants are wanted.
   *
   * @param digest of the blob
   * @param size in bytes
   * @param type the media type it is served with
   */
  record Request(Digest digest, long size, String type) {}
}
