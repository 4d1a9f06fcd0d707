/** Tests of publishing, against the stand-ins. */
@NullMarked
package dev.portico.content.deployment;

import org.jspecify.annotations.NullMarked;
