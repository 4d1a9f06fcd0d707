/**
 * Sessions at sites: the opaque value in a gateway's cookie, the sign-in that it belongs to, and
 * what gateways ask of it on the internal port.
 */
@NullMarked
package dev.portico.auth.sitesession;

import org.jspecify.annotations.NullMarked;
