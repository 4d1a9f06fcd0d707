/**
 * What is over before its time: the numbered feed of revocations, by which gateways and every copy
 * of every service learn within a second that a session, a token or all of an account's are void.
 */
@NullMarked
package dev.portico.auth.revocation;

import org.jspecify.annotations.NullMarked;
