/**
 * Which addresses an origin's name stands for, and which of them may be connected to. Knows names
 * and addresses only, nothing of HTTP.
 */
@NullMarked
package dev.portico.gateway.origin.address;

import org.jspecify.annotations.NullMarked;
