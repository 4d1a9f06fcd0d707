/** The signed-in user's own account: who am I, its password and attributes, its end. */
@NullMarked
package dev.portico.auth.user;

import org.jspecify.annotations.NullMarked;
