/** The sign-in flows and their challenges. */
@NullMarked
package dev.portico.standins.cognito.signin;

import org.jspecify.annotations.NullMarked;
