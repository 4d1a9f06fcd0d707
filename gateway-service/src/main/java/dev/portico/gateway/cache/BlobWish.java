package dev.portico.gateway.cache;

import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.routing.BlobDigest;
import java.util.List;

/**
 * What is wanted from the cache.
 *
 * @param digest which blob
 * @param size its length in bytes without any coding
 * @param codings codings that will do instead of the plain bytes, best first, without identity
 * @param ids those of the request on whose behalf it would be fetched
 */
public record BlobWish(BlobDigest digest, long size, List<ContentCoding> codings, RequestIds ids) {
  /** Makes the list immutable. */
  public BlobWish {
    codings = List.copyOf(codings);
  }
}
