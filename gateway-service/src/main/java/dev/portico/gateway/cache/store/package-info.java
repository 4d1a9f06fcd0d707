/**
 * Where responses of origins are kept: an interface that semantics and collapsing use, and the tier
 * in memory. Bodies are in pooled direct memory; whoever reads one borrows it, so that an eviction
 * takes nothing from readers.
 */
@NullMarked
package dev.portico.gateway.cache.store;

import org.jspecify.annotations.NullMarked;
