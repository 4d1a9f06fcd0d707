/** Tests of what lives here. */
@NullMarked
package dev.portico.gateway.cache.store;

import org.jspecify.annotations.NullMarked;
