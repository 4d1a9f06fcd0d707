/** Authenticator apps as a second factor: the secret with its QR code, its proof, its end. */
@NullMarked
package dev.portico.auth.mfa;

import org.jspecify.annotations.NullMarked;
