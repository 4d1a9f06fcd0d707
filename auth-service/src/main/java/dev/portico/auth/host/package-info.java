/** Where browsers find the auth host. */
@NullMarked
package dev.portico.auth.host;

import org.jspecify.annotations.NullMarked;
