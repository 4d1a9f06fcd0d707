/**
 * What a program needs of identity pools to get credentials. A stub: any pool's id will do, and the
 * credentials open nothing.
 */
@NullMarked
package dev.portico.standins.cognito.identity;

import org.jspecify.annotations.NullMarked;
