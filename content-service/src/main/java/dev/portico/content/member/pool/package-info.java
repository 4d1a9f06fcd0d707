/**
 * Verifies access tokens of the Cognito user pool: its keys, the rules, and the reason of a
 * refusal. Knows nothing of sites and members.
 */
@NullMarked
package dev.portico.content.member.pool;

import org.jspecify.annotations.NullMarked;
