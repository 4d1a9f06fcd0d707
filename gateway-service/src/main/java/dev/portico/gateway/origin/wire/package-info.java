/**
 * Connections to HTTP servers: opened, encrypted and kept per event loop and address; one request
 * and its response on each (HTTP/1.1), or many (HTTP/2). Knows nothing of whom to ask, how often,
 * or instead of whom.
 */
@NullMarked
package dev.portico.gateway.origin.wire;

import org.jspecify.annotations.NullMarked;
