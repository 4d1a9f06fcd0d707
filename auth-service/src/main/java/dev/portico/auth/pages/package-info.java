/**
 * The pages by which people sign in and look after their account, at the auth host. Made here, of
 * templates, and usable without scripts. What they do is done by the same parts that the JSON API
 * uses; no answer tells whether an account exists.
 */
@NullMarked
package dev.portico.auth.pages;

import org.jspecify.annotations.NullMarked;
