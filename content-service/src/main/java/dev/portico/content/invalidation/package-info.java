/**
 * Invalidations: orders to every gateway to forget stored responses of a site by path or tag. They
 * are made once however often they are asked for, and completed when every live gateway has
 * confirmed them.
 */
@NullMarked
package dev.portico.content.invalidation;

import org.jspecify.annotations.NullMarked;
