@NullMarked
package dev.portico.gateway.access.signed;

import org.jspecify.annotations.NullMarked;
