/** Blobs, tried on the real stand-ins: races, kills, cut streams. */
@NullMarked
package dev.portico.content.blob;

import org.jspecify.annotations.NullMarked;
