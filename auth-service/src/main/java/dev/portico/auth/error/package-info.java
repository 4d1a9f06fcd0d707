/**
 * Every failure that a caller sees: {@link dev.portico.auth.error.Problem} is what features throw,
 * and this package turns it, what the framework refuses and what security rejects into RFC 9457
 * application/problem+json. A leaf: knows no feature.
 */
@NullMarked
package dev.portico.auth.error;

import org.jspecify.annotations.NullMarked;
