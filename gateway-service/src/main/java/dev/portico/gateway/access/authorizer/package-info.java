/** HTTP servers of teams that are asked whether a request may have what it asks for. */
@NullMarked
package dev.portico.gateway.access.authorizer;

import org.jspecify.annotations.NullMarked;
