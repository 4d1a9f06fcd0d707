/**
 * Passwords that viewers of a site share: how one is checked, what a browser keeps of having
 * entered it, and how often it may be tried.
 */
@NullMarked
package dev.portico.gateway.access.password;

import org.jspecify.annotations.NullMarked;
