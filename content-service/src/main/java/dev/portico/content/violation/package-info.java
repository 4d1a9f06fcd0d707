/**
 * What browsers report of violations of sites' Content-Security-Policies: gateways hand over what
 * they have counted, the counts are kept by site and day, and members look at them. How much is
 * kept is bounded, whatever viewers send.
 */
@NullMarked
package dev.portico.content.violation;

import org.jspecify.annotations.NullMarked;
