/**
 * Accounts: sign-up, codes, passwords, the administrator's operations, and the messages that AWS
 * would mail.
 */
@NullMarked
package dev.portico.standins.cognito.user;

import org.jspecify.annotations.NullMarked;
