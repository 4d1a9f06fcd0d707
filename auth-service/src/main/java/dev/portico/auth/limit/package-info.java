/**
 * How often an account may be tried and messages may be asked for, in memory of each copy of the
 * service. Counted by the name that was typed, so that it says nothing about whether there is such
 * an account, as the time of answers does not.
 */
@NullMarked
package dev.portico.auth.limit;

import org.jspecify.annotations.NullMarked;
