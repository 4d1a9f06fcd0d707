/**
 * What admins have switched on in an emergency: which addresses and paths are blocked, which sites
 * show a maintenance page. Content-service says it (deploy/contracts/controls.json); the last that
 * it said holds while it is away.
 */
@NullMarked
package dev.portico.gateway.control;

import org.jspecify.annotations.NullMarked;
