/**
 * Sign-ins at the auth host: one browser that is signed in, known by a cookie of the auth host. Its
 * tokens are here and in no browser; sessions at sites belong to it and end with it.
 */
@NullMarked
package dev.portico.auth.signin;

import org.jspecify.annotations.NullMarked;
