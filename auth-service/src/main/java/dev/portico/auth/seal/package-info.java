/**
 * Encryption of what leaves this service's hands: tokens in the table, requests that browsers
 * carry.
 */
@NullMarked
package dev.portico.auth.seal;

import org.jspecify.annotations.NullMarked;
