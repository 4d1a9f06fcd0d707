/**
 * Another password for whoever forgot theirs, by a mailed code. What is answered never depends on
 * whether the account exists.
 */
@NullMarked
package dev.portico.auth.recovery;

import org.jspecify.annotations.NullMarked;
