/**
 * Access tokens of the Cognito user pool that programs show (RFC 6750): verified here, with the
 * pool's own keys, and remembered until they expire or are revoked.
 */
@NullMarked
package dev.portico.gateway.access.token;

import org.jspecify.annotations.NullMarked;
