/**
 * Identity tokens: what origins behind protected sites are told of who asks, signed by keys of this
 * service, which are published.
 */
@NullMarked
package dev.portico.auth.identity;

import org.jspecify.annotations.NullMarked;
