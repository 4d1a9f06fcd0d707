package dev.portico.gateway.connection;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.HttpProtocol;
import org.jspecify.annotations.Nullable;

/**
 * A request's head as a connection read it, before the door has looked at it.
 *
 * @param protocol the version of HTTP
 * @param method the method
 * @param target the request target; in HTTP/2 {@code :path}
 * @param authority HTTP/2's {@code :authority}; null in HTTP/1 and when it is missing
 * @param headers all field lines
 */
record RequestHead(
    HttpProtocol protocol,
    String method,
    String target,
    @Nullable String authority,
    HeaderFields headers) {}
