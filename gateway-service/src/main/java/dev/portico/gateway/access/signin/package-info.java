/**
 * How a browser signs in at a site: what it keeps meanwhile, where it comes back to, and what it is
 * sent. Values and decisions only; nothing of it is kept by the gateway, so that any may answer.
 */
@NullMarked
package dev.portico.gateway.access.signin;

import org.jspecify.annotations.NullMarked;
