/** Tests of what a deployment consists of. */
@NullMarked
package dev.portico.content.deployment.manifest;

import org.jspecify.annotations.NullMarked;
