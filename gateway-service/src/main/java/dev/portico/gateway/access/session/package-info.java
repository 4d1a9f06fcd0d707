/**
 * Sessions of browsers that are signed in at a site. Auth-service has them; here is what the
 * gateway asks it, what it remembers of the answers and for how long, the feed by which it learns
 * what is over, and what holds while auth-service is away.
 */
@NullMarked
package dev.portico.gateway.access.session;

import org.jspecify.annotations.NullMarked;
