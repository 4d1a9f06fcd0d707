/** The only service that talks to Cognito. */
@NullMarked
package dev.portico.auth;

import org.jspecify.annotations.NullMarked;
