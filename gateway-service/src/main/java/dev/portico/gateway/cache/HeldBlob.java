package dev.portico.gateway.cache;

import dev.portico.gateway.exchange.ContentCoding;
import io.netty.buffer.ByteBuf;

/**
 * A blob in hand.
 *
 * @param coding the coding of its bytes
 * @param bytes all of them, with indices of its own; whoever gets this owns one reference and must
 *     release it
 * @param entry the cache's entry, the same object for as long as it is held
 */
public record HeldBlob(ContentCoding coding, ByteBuf bytes, BlobEntry entry) {}
