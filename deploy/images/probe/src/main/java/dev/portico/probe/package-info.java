/** The program by which a container asks itself whether it is healthy: images have no shell. */
@NullMarked
package dev.portico.probe;

import org.jspecify.annotations.NullMarked;
