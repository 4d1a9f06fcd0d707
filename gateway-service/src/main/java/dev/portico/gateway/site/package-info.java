/**
 * Which site a host name means and which files its deployment has, kept in memory and kept current
 * by following content-service's change feed.
 */
@NullMarked
package dev.portico.gateway.site;

import org.jspecify.annotations.NullMarked;
