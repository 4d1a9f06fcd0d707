@NullMarked
package dev.portico.gateway.response.policy;

import org.jspecify.annotations.NullMarked;
