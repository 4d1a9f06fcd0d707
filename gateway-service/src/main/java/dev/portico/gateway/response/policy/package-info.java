/**
 * What a site, or Portico by default, does to the header fields of responses: security headers,
 * CORS, fields of the team's own, Server-Timing. Compiled once for each version of a site's
 * settings.
 */
@NullMarked
package dev.portico.gateway.response.policy;

import org.jspecify.annotations.NullMarked;
