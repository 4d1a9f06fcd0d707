/** One-time passwords by time, as authenticator apps make them. A leaf. */
@NullMarked
package dev.portico.standins.cognito.mfa;

import org.jspecify.annotations.NullMarked;
