/**
 * Whether what is known of a request is enough for what it asks for: access policies as values, and
 * the decision, which asks nobody.
 */
@NullMarked
package dev.portico.gateway.access.rule;

import org.jspecify.annotations.NullMarked;
