/**
 * Secure Remote Password as Cognito speaks it: 3072-bit group of RFC 3526, SHA-256, HKDF (RFC
 * 5869).
 */
@NullMarked
package dev.portico.standins.cognito.srp;

import org.jspecify.annotations.NullMarked;
