/** What was done to accounts and groups, by whom and from where, as lines of the log. */
@NullMarked
package dev.portico.auth.audit;

import org.jspecify.annotations.NullMarked;
