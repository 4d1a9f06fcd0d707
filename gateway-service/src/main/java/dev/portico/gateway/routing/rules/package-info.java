/**
 * What a deployment's {@code _redirects} and {@code _headers} mean for a request: pure functions,
 * compiled once per deployment, so that ten thousand rules cost a request what ten do.
 * docs/rules.md has the rules as text.
 */
@NullMarked
package dev.portico.gateway.routing.rules;

import org.jspecify.annotations.NullMarked;
