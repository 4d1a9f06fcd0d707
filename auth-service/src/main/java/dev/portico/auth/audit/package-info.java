/**
 * What was done to accounts, groups and sessions, by whom and from where: entries in the table, and
 * lines of the log.
 */
@NullMarked
package dev.portico.auth.audit;

import org.jspecify.annotations.NullMarked;
