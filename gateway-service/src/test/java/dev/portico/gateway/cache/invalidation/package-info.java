/** Tests of the lease of invalidations. */
@NullMarked
package dev.portico.gateway.cache.invalidation;

import org.jspecify.annotations.NullMarked;
