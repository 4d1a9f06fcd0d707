/** Tests of the compression of what origins send. */
@NullMarked
package dev.portico.gateway.compression;

import org.jspecify.annotations.NullMarked;
