/** Tests of the module as a whole. */
@NullMarked
package dev.portico.standins;

import org.jspecify.annotations.NullMarked;
