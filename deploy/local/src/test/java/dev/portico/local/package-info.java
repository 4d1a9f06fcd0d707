/** Tests of the launcher and of the tour that a newcomer takes. */
@NullMarked
package dev.portico.local;

import org.jspecify.annotations.NullMarked;
