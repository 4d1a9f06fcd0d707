/** What operators see: access log, metrics, readiness; all from the one timeline of an exchange. */
@NullMarked
package dev.portico.gateway.observe;

import org.jspecify.annotations.NullMarked;
