/**
 * What a host name and a path mean: pure functions from names to sites and files, without Netty,
 * without Micronaut, without I/O.
 */
@NullMarked
package dev.portico.gateway.routing;

import org.jspecify.annotations.NullMarked;
