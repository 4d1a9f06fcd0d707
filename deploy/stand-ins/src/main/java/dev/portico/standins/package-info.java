/** Local. */
@NullMarked
package dev.portico.standins;

import org.jspecify.annotations.NullMarked;
