/**
 * Bytes held in memory: blobs by digest and coding, fetched once however many ask. Keyed by content
 * and not by address, so that publishing invalidates nothing.
 */
@NullMarked
package dev.portico.gateway.cache;

import org.jspecify.annotations.NullMarked;
