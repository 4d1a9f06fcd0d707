/** Tests of who may have what. */
@NullMarked
package dev.portico.gateway.access;

import org.jspecify.annotations.NullMarked;
