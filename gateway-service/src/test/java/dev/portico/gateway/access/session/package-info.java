/** Tests of sessions. */
@NullMarked
package dev.portico.gateway.access.session;

import org.jspecify.annotations.NullMarked;
