/** What a password may look like at all, before the pool's policy is asked. */
@NullMarked
package dev.portico.auth.password;

import org.jspecify.annotations.NullMarked;
