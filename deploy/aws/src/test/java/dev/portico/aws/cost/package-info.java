/** Tests of the arithmetic of costs. */
@NullMarked
package dev.portico.aws.cost;

import org.jspecify.annotations.NullMarked;
