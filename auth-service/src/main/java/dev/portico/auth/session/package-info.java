/**
 * Sessions: sign-in with its challenges, refresh, sign-out. A caller who does not know the password
 * learns nothing about the account.
 */
@NullMarked
package dev.portico.auth.session;

import org.jspecify.annotations.NullMarked;
