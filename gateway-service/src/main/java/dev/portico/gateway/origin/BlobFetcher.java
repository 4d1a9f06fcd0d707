package dev.portico.gateway.origin;

import io.netty.channel.EventLoop;

/** Gets the bytes of blobs from content-service ({@code GET /internal/blobs/{sha256}}). */
public interface BlobFetcher {
  /**
   * Starts to fetch a blob. Returns at once; everything the receiver learns it learns on {@code
   * loop}, and nothing before this method has returned.
   *
   * @param request which blob, in which coding, which part
   * @param loop the event loop to work on; call from it
   * @param receiver told the head once, then data, then exactly one of end and failure
   */
  BlobFetch fetch(BlobRequest request, EventLoop loop, BlobReceiver receiver);
}
