/** Tests of the package of the same name. */
@NullMarked
package dev.portico.standins.aws;

import org.jspecify.annotations.NullMarked;
