/**
 * Who a caller is and what they may do: access tokens of the pool, deploy tokens, members of sites
 * and their roles, the one decision that every call asks, and the audit log of every change.
 */
@NullMarked
package dev.portico.content.member;

import org.jspecify.annotations.NullMarked;
