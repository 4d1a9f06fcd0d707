@NullMarked
package dev.portico.gateway.access.password;

import org.jspecify.annotations.NullMarked;
