/** The whole of Portico in containers, as viewers, publishers and operators meet it. */
@NullMarked
package dev.portico.system;

import org.jspecify.annotations.NullMarked;
