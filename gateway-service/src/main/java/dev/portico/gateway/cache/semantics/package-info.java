/**
 * What a shared cache may store, how old and how fresh a stored response is, and what it may
 * answer: RFC 9111 and what builds on it, as pure functions over values. Knows neither Netty nor
 * Micronaut.
 */
@NullMarked
package dev.portico.gateway.cache.semantics;

import org.jspecify.annotations.NullMarked;
