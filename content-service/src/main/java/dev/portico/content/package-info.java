/** Owns sites, deployments, blobs and the change feed. */
@NullMarked
package dev.portico.content;

import org.jspecify.annotations.NullMarked;
