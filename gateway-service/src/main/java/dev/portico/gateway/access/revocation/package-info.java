/**
 * What auth-service has taken back before its time: sign-ins, tokens, and all that somebody had
 * before a moment. Kept in memory, asked for at every use of a session or token.
 */
@NullMarked
package dev.portico.gateway.access.revocation;

import org.jspecify.annotations.NullMarked;
