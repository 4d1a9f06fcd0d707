package dev.portico.auth.authorization;

import io.micronaut.serde.annotation.Serdeable;

/**
 * The answer to a pushed request (deploy/contracts/auth-authorization.json).
 *
 * @param requestUri names it
 * @param location where to send the browser
 * @param expiresIn how long that will do, in seconds
 */
@Serdeable
record Pushed(String requestUri, String location, long expiresIn) {}
