/** Tests of the templates, the command-line synthesis, and the tools beside them. */
@NullMarked
package dev.portico.aws;

import org.jspecify.annotations.NullMarked;
