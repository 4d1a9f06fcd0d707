package dev.portico.standins.cognito.hosted;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to the hosted endpoints.
 *
 * @param method the HTTP method
 * @param path the path
 * @param host by which name, and port, it was reached
 * @param query the query as it was sent; empty if there is none
 * @param form the body; empty unless its type is {@code application/x-www-form-urlencoded}
 * @param cookies by name
 * @param authorization the header of that name
 */
public record HostedRequest(
    String method,
    String path,
    String host,
    String query,
    String form,
    Map<String, String> cookies,
    @Nullable String authorization) {}
