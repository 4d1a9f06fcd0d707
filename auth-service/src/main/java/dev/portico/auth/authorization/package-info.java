/**
 * The authorization code flow between site hosts and the auth host: requests that gateways push,
 * what browsers bring of them, and codes.
 */
@NullMarked
package dev.portico.auth.authorization;

import org.jspecify.annotations.NullMarked;
