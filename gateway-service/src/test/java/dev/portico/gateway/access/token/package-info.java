/** Tests of who may have what. */
@NullMarked
package dev.portico.gateway.access.token;

import org.jspecify.annotations.NullMarked;
