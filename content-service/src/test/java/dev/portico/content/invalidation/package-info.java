/** Tests of invalidations. */
@NullMarked
package dev.portico.content.invalidation;

import org.jspecify.annotations.NullMarked;
