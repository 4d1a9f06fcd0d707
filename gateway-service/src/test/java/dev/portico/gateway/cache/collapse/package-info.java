/** Tests of what lives here. */
@NullMarked
package dev.portico.gateway.cache.collapse;

import org.jspecify.annotations.NullMarked;
