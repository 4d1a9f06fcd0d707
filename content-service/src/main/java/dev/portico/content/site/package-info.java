/**
 * Sites: their names, settings, host names and life from creation to purge, and the snapshots of
 * them that gateways fetch.
 */
@NullMarked
package dev.portico.content.site;

import org.jspecify.annotations.NullMarked;
