/**
 * How invalidations from outside, which come with the change feed, reach what is stored, and what
 * becomes of it while none can come.
 */
@NullMarked
package dev.portico.gateway.cache.invalidation;

import org.jspecify.annotations.NullMarked;
