/**
 * Every failure that a caller sees: {@link dev.portico.content.error.Problem} is what features
 * throw, and one mapper turns it and everything the framework refuses into RFC 9457
 * application/problem+json. A leaf: knows no feature.
 */
@NullMarked
package dev.portico.content.error;

import org.jspecify.annotations.NullMarked;
