/** Tests of the stages together. */
@NullMarked
package dev.portico.gateway.pipeline;

import org.jspecify.annotations.NullMarked;
