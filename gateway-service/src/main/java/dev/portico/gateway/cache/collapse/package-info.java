/**
 * One request to the origin however many viewers wait for its answer. A flight is such a request
 * with all that share it; it lives on one event loop, its subscribers on theirs.
 */
@NullMarked
package dev.portico.gateway.cache.collapse;

import org.jspecify.annotations.NullMarked;
