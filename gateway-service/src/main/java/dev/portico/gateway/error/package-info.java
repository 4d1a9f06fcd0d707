/**
 * What can go wrong at the edge: one enum from cause to status and log category, and the plain
 * pages that say so. A leaf: every stage knows this package and it knows none of them.
 */
@NullMarked
package dev.portico.gateway.error;

import org.jspecify.annotations.NullMarked;
