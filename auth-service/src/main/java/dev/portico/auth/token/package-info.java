/**
 * Verifies access tokens of the user pool: which ones are accepted (pure rules), with which keys
 * (fetched from the pool's JWKS and kept), and how the framework's security asks for it.
 */
@NullMarked
package dev.portico.auth.token;

import org.jspecify.annotations.NullMarked;
