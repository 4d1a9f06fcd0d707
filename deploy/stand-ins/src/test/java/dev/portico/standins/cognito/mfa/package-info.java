/** Tests of the stand-in's one-time passwords. */
@NullMarked
package dev.portico.standins.cognito.mfa;

import org.jspecify.annotations.NullMarked;
