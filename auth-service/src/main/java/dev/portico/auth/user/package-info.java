/** The signed-in user's own account. */
@NullMarked
package dev.portico.auth.user;

import org.jspecify.annotations.NullMarked;
