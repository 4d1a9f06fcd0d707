/**
 * Under which key a response is cached, and what of the request its origin gets to see: what is in
 * the key, so that nothing else can shape what others are served. Pure functions over values.
 */
@NullMarked
package dev.portico.gateway.cache.key;

import org.jspecify.annotations.NullMarked;
