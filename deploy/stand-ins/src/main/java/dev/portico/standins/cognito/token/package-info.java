/**
 * Signing keys, the tokens of a sign-in, and how they end: expiry, rotation, revocation, sign-out.
 */
@NullMarked
package dev.portico.standins.cognito.token;

import org.jspecify.annotations.NullMarked;
