/**
 * The door: listeners, TLS, HTTP/1.1 and HTTP/2 connections, their limits, and the checks that turn
 * bytes into a {@link dev.portico.gateway.exchange.ViewerRequest}.
 */
@NullMarked
package dev.portico.gateway.connection;

import org.jspecify.annotations.NullMarked;
