/**
 * Starts programs as processes of their own, waits until they are ready, says clearly why they are
 * not, and leaves none behind: the children end with this JVM, however it ends.
 */
@NullMarked
package dev.portico.standins.process;

import org.jspecify.annotations.NullMarked;
