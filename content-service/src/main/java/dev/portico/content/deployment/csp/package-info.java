/**
 * What Content-Security-Policy the pages of a deployment need: what they hold is looked at, and
 * nothing is run.
 */
@NullMarked
package dev.portico.content.deployment.csp;

import org.jspecify.annotations.NullMarked;
