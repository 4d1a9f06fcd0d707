/**
 * The files in which a deployment says how its paths are answered: {@code _redirects} and {@code
 * _headers}, read and judged when it is sealed. What gateways make of them is theirs; docs/rules.md
 * has the grammar.
 */
@NullMarked
package dev.portico.content.deployment.rules;

import org.jspecify.annotations.NullMarked;
