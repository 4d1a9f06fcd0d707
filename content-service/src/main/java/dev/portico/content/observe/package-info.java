/**
 * What operators see: readiness, and of a request its id and trace, in the access log and in every
 * other line about it.
 */
@NullMarked
package dev.portico.content.observe;

import org.jspecify.annotations.NullMarked;
