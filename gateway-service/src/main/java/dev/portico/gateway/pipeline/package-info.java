/** The order of the stages that a request passes, and the only package that knows all of them. */
@NullMarked
package dev.portico.gateway.pipeline;

import org.jspecify.annotations.NullMarked;
