package dev.portico.gateway.cache;

import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.routing.BlobDigest;
import java.util.List;

/**
 * What is wanted from the cache.
 *
 * @param digest which blob
 * @param size its length in bytes without any coding
 * @param codings codings that will do instead of the plain bytes, best first, without identity
 * @param requestId the request on whose behalf it would be fetched
 * @param traceparent its W3C trace context
 */
public record BlobWish(
    BlobDigest digest,
    long size,
    List<ContentCoding> codings,
    String requestId,
    String traceparent) {
  /** Makes the list immutable. */
  public BlobWish {
    codings = List.copyOf(codings);
  }
}
