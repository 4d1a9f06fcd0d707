/** Tests of the door. */
@NullMarked
package dev.portico.gateway.connection;

import org.jspecify.annotations.NullMarked;
