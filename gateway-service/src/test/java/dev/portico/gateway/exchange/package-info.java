/** Tests of what lives here. */
@NullMarked
package dev.portico.gateway.exchange;

import org.jspecify.annotations.NullMarked;
