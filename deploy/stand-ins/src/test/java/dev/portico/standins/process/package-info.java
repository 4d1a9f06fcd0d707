/** Tests of the package of the same name. */
@NullMarked
package dev.portico.standins.process;

import org.jspecify.annotations.NullMarked;
