/**
 * How the gateway asks the internal interfaces of the other services: blocking calls of virtual
 * threads, each bounded as a whole, and the pauses between attempts.
 */
@NullMarked
package dev.portico.gateway.service;

import org.jspecify.annotations.NullMarked;
