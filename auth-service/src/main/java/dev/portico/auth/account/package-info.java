/**
 * Accounts until they can be used: sign-up, confirmation by a mailed code, another code. What is
 * answered never depends on whether the account exists.
 */
@NullMarked
package dev.portico.auth.account;

import org.jspecify.annotations.NullMarked;
