/**
 * The HTTP server: Cognito's JSON protocol, the pools' public keys, and the local control
 * endpoints.
 */
@NullMarked
package dev.portico.standins.cognito.http;

import org.jspecify.annotations.NullMarked;
