/**
 * One request and its response as values: what the viewer asked, what it is told, and when each
 * thing happened. A leaf: every stage knows this package and it knows none of them.
 */
@NullMarked
package dev.portico.gateway.exchange;

import org.jspecify.annotations.NullMarked;
