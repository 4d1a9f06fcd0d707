/** Tests of who may have what. */
@NullMarked
package dev.portico.gateway.access.revocation;

import org.jspecify.annotations.NullMarked;
