package dev.portico.gateway.origin;

import io.netty.handler.codec.http.HttpHeaders;

/**
 * A request to an origin.
 *
 * @param origin who is asked
 * @param method the method
 * @param target path and query
 * @param headers all header fields, Host and framing included
 * @param hasBody whether a body follows, to be written to the call
 * @param firstByteNanos how long the head of the response may take, in nanoseconds; 0 for the
 *     setting
 * @param leastRate bytes per second that the response's body must come at; 0 for no limit
 */
public record OriginRequest(
    Origin origin,
    String method,
    String target,
    HttpHeaders headers,
    boolean hasBody,
    long firstByteNanos,
    long leastRate) {}
