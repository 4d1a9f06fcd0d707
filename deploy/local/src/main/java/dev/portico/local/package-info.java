/**
 * The local launcher: starts stand-ins and services as processes of their own, prepares table,
 * bucket and user pool, publishes a demo site, prints where everything is, and stops all of it
 * together. {@link dev.portico.local.Up} reads as the list of its steps.
 */
@NullMarked
package dev.portico.local;

import org.jspecify.annotations.NullMarked;
