package dev.portico.gateway.origin;

import dev.portico.gateway.exchange.RequestIds;
import java.util.List;

/**
 * Which bytes are wanted.
 *
 * @param digest SHA-256 of the blob, 64 hexadecimal digits
 * @param codings content codings that will do, best first ({@code br}, {@code zstd}, {@code gzip});
 *     content-service sends the first that exists, else the bytes as they are. Empty for those
 * @param firstByte offset of the first byte wanted
 * @param lastByte offset of the last byte wanted, inclusive; -1 for all up to the end
 * @param ids those of the request on whose behalf it is fetched
 */
public record BlobRequest(
    String digest, List<String> codings, long firstByte, long lastByte, RequestIds ids) {
  /** Makes the list immutable. */
  public BlobRequest {
    codings = List.copyOf(codings);
  }

  /** The whole blob. */
  public static BlobRequest whole(String digest, List<String> codings, RequestIds ids) {
    return new BlobRequest(digest, codings, 0, -1, ids);
  }

  /** Whether less than the whole blob is wanted. */
  public boolean ranged() {
    return firstByte > 0 || lastByte >= 0;
  }
}
