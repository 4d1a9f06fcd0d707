/**
 * Compression of what origins send plain: between the client that asks them and whoever waits, so
 * that caching, conditions and ranges see one response like any other. Knows neither behaviours nor
 * the cache's store.
 */
@NullMarked
package dev.portico.gateway.compression;

import org.jspecify.annotations.NullMarked;
