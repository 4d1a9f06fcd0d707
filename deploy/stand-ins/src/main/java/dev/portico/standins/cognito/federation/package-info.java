/**
 * The client of other identity providers: where they are, the exchange of their codes, and what
 * their ID tokens must say. Knows no users.
 */
@NullMarked
package dev.portico.standins.cognito.federation;

import org.jspecify.annotations.NullMarked;
