package dev.portico.gateway.cache;

import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.origin.BlobHead;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is known about the variants of a blob.
 *
 * @param codings those that exist
 * @param complete whether there will be no others
 * @param learntNanos when this was learnt
 */
record VariantFacts(Set<ContentCoding> codings, boolean complete, long learntNanos) {
  static VariantFacts of(BlobHead head, long nowNanos) {
    Set<ContentCoding> codings = EnumSet.noneOf(ContentCoding.class);
    for (String name : head.variants()) {
      ContentCoding coding = ContentCoding.of(name);
      if (coding != null && coding != ContentCoding.IDENTITY) {
        codings.add(coding);
      }
    }
    return new VariantFacts(codings, head.variantsComplete(), nowNanos);
  }

  /** The first of these that exists, else the plain bytes. */
  ContentCoding best(List<ContentCoding> wanted) {
    for (ContentCoding coding : wanted) {
      if (codings.contains(coding)) {
        return coding;
      }
    }
    return ContentCoding.IDENTITY;
  }
}
