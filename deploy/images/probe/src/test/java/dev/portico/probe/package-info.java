/** Tests of the probe against a server on a real socket. */
@NullMarked
package dev.portico.probe;

import org.jspecify.annotations.NullMarked;
