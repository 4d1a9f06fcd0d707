/**
 * The small pages of a site's sign-in that the gateway shows itself, in English, German and French.
 * Rendering only.
 */
@NullMarked
package dev.portico.gateway.access.page;

import org.jspecify.annotations.NullMarked;
