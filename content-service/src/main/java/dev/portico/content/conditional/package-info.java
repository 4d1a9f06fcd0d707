/**
 * Conditional requests (RFC 9110 section 13): the entity tags of what can be edited, and the
 * If-Match that an edit sends so as not to undo another's. A leaf but for the problems it throws.
 */
@NullMarked
package dev.portico.content.conditional;

import org.jspecify.annotations.NullMarked;
