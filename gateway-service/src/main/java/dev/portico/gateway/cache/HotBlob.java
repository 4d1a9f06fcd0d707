package dev.portico.gateway.cache;

import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.routing.BlobDigest;
import java.util.List;

/**
 * A representation of a blob that viewers ask for often.
 *
 * @param digest which blob
 * @param coding in which coding
 * @param size its bytes in that coding
 */
public record HotBlob(BlobDigest digest, ContentCoding coding, long size) {
  /**
   * What to ask the cache for to have it. Of a coded representation {@code size} is not the plain
   * bytes' length, so that these, if they come because that variant is gone, are not kept: nobody
   * has said that they are hot.
   */
  public BlobWish wish(RequestIds ids) {
    return new BlobWish(
        digest, size, coding == ContentCoding.IDENTITY ? List.of() : List.of(coding), ids);
  }
}
