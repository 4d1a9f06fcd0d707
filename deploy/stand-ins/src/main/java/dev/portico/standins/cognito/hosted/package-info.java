/**
 * What a pool's domain serves at AWS: the OAuth 2.0 endpoints, the login page with its cookie, and
 * logging out. Knows no HTTP server.
 */
@NullMarked
package dev.portico.standins.cognito.hosted;

import org.jspecify.annotations.NullMarked;
