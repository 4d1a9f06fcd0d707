/**
 * Where responses come from when the gateway does not hold them: a streaming HTTP/1.1 client on the
 * viewer's own event loop, and the blobs of content-service fetched through it.
 */
@NullMarked
package dev.portico.gateway.origin;

import org.jspecify.annotations.NullMarked;
