/** Tests of traces. */
@NullMarked
package dev.portico.gateway.trace;

import org.jspecify.annotations.NullMarked;
