/**
 * How a file of a deployment is answered over HTTP: preconditions, ranges, choice of a content
 * coding, validators and caching headers, as pure functions over values. docs/serving.md has the
 * rules as text.
 */
@NullMarked
package dev.portico.gateway.response;

import org.jspecify.annotations.NullMarked;
