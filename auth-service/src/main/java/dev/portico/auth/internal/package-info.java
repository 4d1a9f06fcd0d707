/** Who may ask on the internal port: callers that know a secret. */
@NullMarked
package dev.portico.auth.internal;

import org.jspecify.annotations.NullMarked;
