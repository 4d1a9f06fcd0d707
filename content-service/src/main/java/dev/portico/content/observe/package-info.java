/** What operators see: readiness, and where the service listens. */
@NullMarked
package dev.portico.content.observe;

import org.jspecify.annotations.NullMarked;
