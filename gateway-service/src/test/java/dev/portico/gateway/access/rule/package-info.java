@NullMarked
package dev.portico.gateway.access.rule;

import org.jspecify.annotations.NullMarked;
