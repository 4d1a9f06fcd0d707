package dev.portico.gateway.origin;

import java.util.Set;

/**
 * What content-service says about a blob before its bytes.
 *
 * @param coding content coding of the bytes that follow, {@code identity} when none
 * @param length how many bytes follow
 * @param variants the codings that exist for this blob, besides identity
 * @param variantsComplete whether {@code variants} will not change any more
 */
public record BlobHead(String coding, long length, Set<String> variants, boolean variantsComplete) {
  /** Makes the set immutable. */
  public BlobHead {
    variants = Set.copyOf(variants);
  }
}
