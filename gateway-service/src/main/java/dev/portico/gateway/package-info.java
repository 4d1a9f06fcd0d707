/** The service that viewers reach. */
@NullMarked
package dev.portico.gateway;

import org.jspecify.annotations.NullMarked;
