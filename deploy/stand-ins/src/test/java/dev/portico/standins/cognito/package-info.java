/** Tests of the Cognito stand-in over real sockets. */
@NullMarked
package dev.portico.standins.cognito;

import org.jspecify.annotations.NullMarked;
