/**
 * What browsers report of violations of sites' Content-Security-Policies: read, cut to what is
 * worth counting, and counted until it is handed over. Whatever viewers send, what is held has a
 * bound.
 */
@NullMarked
package dev.portico.gateway.violation;

import org.jspecify.annotations.NullMarked;
