/** Local. */
@NullMarked
package dev.portico.local;

import org.jspecify.annotations.NullMarked;
